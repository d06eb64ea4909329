// Hustings
