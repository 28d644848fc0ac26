"""The words of the pages, one module for each template, German and English side by side."""
