-- Whoever loses the right to look has the downloads of the last day ended, among years of looks.
create index access_record_download on access_record (at) where mode = 'download';
