"""The pages for staff: operating deliveries, below ``/-/drift``."""
