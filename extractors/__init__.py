"""Bytes in, meaning out: what an archived answer says, without network, database or clock."""
