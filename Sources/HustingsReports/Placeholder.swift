// HustingsReports
