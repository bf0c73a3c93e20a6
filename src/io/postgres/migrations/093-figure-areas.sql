-- What is asked of a place in town and of one outside is told apart, and so is what somebody at a desk entered for a unit. The read model is made anew: the version of the judging rises with this.
alter table figure_span
  add column area text check (area in ('town', 'outside')), -- of the incident's place, by the map; null: no incident, or beyond the map
  add column entered boolean not null default false;        -- an end of it is a step that was entered for the unit
