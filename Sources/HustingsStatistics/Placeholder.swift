// HustingsStatistics
