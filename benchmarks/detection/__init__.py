"""What one detection costs, on archives with few and with many earlier crawls."""
