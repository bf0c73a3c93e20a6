-- How a camera is joined (second stream, transport, its own certificate), when it is recorded, with what, and what of it is kept.
alter table camera
  add column sub_address text check (sub_address ~ '^rtsps?://[^@]*$'),                             -- at the host and port of `address`: the credentials are for that box
  add column transport text not null default 'auto' check (transport in ('tcp', 'udp', 'auto')),
  add column certificate_sha256 text check (certificate_sha256 ~ '^[0-9a-f]{64}$'),                 -- pinned; null: one of an authority
  add column sound_purpose text check (sound_purpose <> ''),                                        -- null: its sound is not asked for
  add column schedule text check (schedule <> ''),                                                  -- weekly hours by the city's clocks
  add column pre_roll_s real not null default 10 check (pre_roll_s >= 0),
  add column post_roll_s real not null default 60 check (post_roll_s > 0),
  add column key_frame_interval_s real check (key_frame_interval_s > 0),                            -- as set in the camera
  add column least_days real check (least_days > 0),                                                -- kept even where the disk is short of room
  add column most_gigabytes real check (most_gigabytes > 0),                                        -- 10^9 bytes
  drop constraint camera_recording_check,
  add constraint camera_recording_check check (recording in ('continuous', 'scheduled', 'on-event', 'on-demand')),
  add check (recording <> 'scheduled' or schedule is not null);
