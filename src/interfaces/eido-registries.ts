// The registries that an EIDO draws its words from, as NENA-STA-021.1 publishes them in its chapter 3 (in the edition of 2022): what has a place in a field named "...Registry..." stands here, and what
// does not stand here is not written there. Types of incidents are those of APCO ANS 2.103.2-2019 with one of NENA's own, dispositions those of APCO ANS 1.111.2-2018, of which 46 to 100 are
// reserved. Codes only: what each means is said beside our own words in eido-incident.ts, and a neighbour has its own words for them.
export const COMMON_INCIDENT_TYPES = [
  "NONEMERG", "911H", "911OPN", "ABDOM", "ABDUCTF", "ABDUCTNF", "ABUSE", "ACCIND", "ACTSHOOT", "ADMIN", "AIR", "AIRINC", "ALIEN", "ALLERGIC", "ALMA", "ALMB", "ALMH", "ALMR", "ALRBA", "ALRBOX",
  "ALRBS", "ALRCO", "ALRCO2", "ALRDEFIB", "ALRF", "ALRGAS", "ALRHEAT", "ALRKPAD", "ALRMED", "ALRNGAS", "ALRPANA", "ALRPANS", "ALRPROPN", "ALRPULL", "ALRROBA", "ALRROBS", "ALRU", "ALRVEH", "ALRWTR",
  "ALS", "ANIMAL", "ASSAULT", "ASSIST", "ATL", "BACK", "BARICADE", "BIO", "BITE", "BLDCLPSE", "BLEEDING", "BLS", "BOMB", "BRGCLPSE", "BURGLARY", "BURN", "CARDIAC", "CARJACK", "CDX", "CHEMICAL",
  "CHESPAIN", "CHOKE", "CITASST", "CIVDIS", "CIVIL", "CNTRFT", "COURT", "CRIMPS", "CRIMTRAF", "CRWD", "CU1", "CU2", "CU3", "CURFEW", "CUST", "DEATH", "DEATHNTF", "DIABETIC", "DISORD", "DISVEH",
  "DMPX", "DROWN", "DRUGPAR", "DRUGS", "DUI", "DVA", "DVNA", "EDP", "ELEC", "ELECHZD", "ELUDING", "ENTRAP", "ESCAPE", "EXPLOS", "EXPOSURE", "EXTORT", "EYE", "FAIRC", "FALL", "FAM", "FAPT", "FARSON",
  "FAS", "FASX", "FBRUSH", "FELEC", "FFUEL", "FIGHT", "FIREWRKS", "FMARINE", "FORCENTR", "FOTHER", "FRAUD", "FREPORT", "FSMOKE", "FSTRU", "FTRAILER", "FTRAIN", "FTRASH", "FTRUCK", "FUNK", "FVEH",
  "GASLEAK", "GASLEAKI", "GASLEAKO", "HARR", "HATE", "HAZ", "HAZMAT", "HEADACHE", "HEMRG", "HLP1", "HLP2", "HOLD", "HOMICIDE", "HOSTAGE", "IMP", "INDECENT", "INFO", "INTERNET", "INTOX", "INVEST",
  "JUV", "LARCENY", "LIQUOR", "MAJORINC", "MAYDAY", "MCI", "MISBOATR", "MISCON", "MNTL", "MTLV", "MVA", "MVAHR", "MVAINJY", "MVAUNK", "MVCP", "NCIC", "NCRASLTWF", "NCRCPRF", "NCRELEV", "NCRFACTR",
  "NCRMUAIDF", "NCRNDE", "NCRNONE", "NCRTASKFORCE", "NCRTESTF", "NCRTRANS", "NEGLECT", "NOISE", "OD", "ODOR", "OPEN", "ORDERV", "PANDEMIC", "PARKING", "PERFND", "PERMISS", "PERSUSP", "PERUNCON",
  "PERWANT", "PHANDLE", "PREG", "PROPFND", "PROPLOST", "PROPSTLN", "PROW", "PUBWKS", "PURSUIT", "RADIAT", "RECKDRV", "REPO", "RESCUE", "RESIST", "RESP", "RESPARR", "ROBBERY", "RUNAWAY", "SAR", "SCH",
  "SCRM", "SEIZURE", "SEXOFFNS", "SHOOT", "SHOPLIFT", "SICK", "SLMP", "SMOKING", "SOL", "STABBING", "STDBY", "STKX", "STROKE", "SUBJSTP", "SUICIDE", "SUICTHRT", "SUSP", "TERROR", "THAZ", "THREATS",
  "TOW", "TRAIN", "TRAINDRL", "TRANSFER", "TRAUMA", "TRAUMAP", "TRESPASS", "TROUBLE", "TRUANT", "TSTOP", "VAG", "VANDAL", "VEHABND", "VEHASST", "VEHLOCK", "VEHREC", "VEHSTLN", "VEHSUSP", "VICE",
  "WARRANT", "WATER", "WEAPON", "WELFARE", "WILDLIFE", "WIRES", "XTRICATE",
] as const;
export type CommonIncidentType = (typeof COMMON_INCIDENT_TYPES)[number];

export const COMMON_STATUSES = [
  "Active", "Cancelled", "Closed", "FireUnderControl", "NewLocation", "ReOpened", "ResourcesAssigned", "ResourcesEnroute", "ResourcesOnscene", "StructureCleared",
] as const;
export type CommonStatus = (typeof COMMON_STATUSES)[number];

export const COMMON_DISPOSITIONS = [
  "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33",
  "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45",
] as const;
export type CommonDisposition = (typeof COMMON_DISPOSITIONS)[number];

export const PRIMARY_UNIT_STATUSES = [
  "Available", "ConditionallyAvailable", "NotAvailable",
] as const;
export type PrimaryUnitStatus = (typeof PRIMARY_UNIT_STATUSES)[number];

export const SECONDARY_UNIT_STATUSES = [
  "AcknowledgedTransmission", "AlternateLocation", "Arrived", "Assigned", "AssignmentCancelled", "BacktoAssignedArea", "Backup", "Break", "CheckedIn", "Cleared", "COP_or_POP", "Court",
  "CoveringAlternateArea", "Delayed", "Departed", "Dispatched", "EnRoute", "EquipmentIssues", "Event", "Hospital", "InService", "Investigation", "Location", "Meal", "Meeting", "OffDuty", "OnDuty",
  "OnScene", "OutofService", "PatientContact", "Post", "ResponderInitiatedEvent", "RollCall", "Roster", "ShiftPending", "Staging", "Station", "TrafficStop", "Training", "Transporting", "Unmanned",
] as const;
export type SecondaryUnitStatus = (typeof SECONDARY_UNIT_STATUSES)[number];

export const EMERGENCY_RESOURCE_TYPES = [
  "AirAmbulanceFixedWing", "AirAmbulanceRotaryWing", "AirSearchTeam", "AirborneCommunicationRelayTeamFixed", "FixedWingAircraft", "RotaryWingAircraft", "AirborneTransportTeamFixedWing",
  "AirCompressor", "AirConditioner-Heater", "ATV", "GroundALSAmbulance", "LargeAnimalRescueTeam", "LargeAnimalShelteringTeam", "LargeAnimalTransportTeam", "SmallAnimalRescueTeam",
  "SmallAnimalShelteringTeam", "SmallAnimalTransportTeam", "AssaultHomicideUnit", "GroundBLSAmbulance", "BikeTeam", "BombSquad", "BrushFireEngineType3", "BrushFireEngineType4", "BrushFireEngineType5",
  "BrushFireEngineType6", "BrushFireEngineType7", "Bus", "CanineSearchandRescue", "DisasterCollapsedStructureCanineTech", "CaveSearchandRescue", "CivilServiceOfficer", "CoastGuard",
  "CollapseSearchandRescue", "CommandLevel4", "CommandLevel3", "CommandLevel2", "CommandLevel1", "CommSupportTeam", "CommunityPolicingUnit", "Crane", "CrisisInterventionUnit",
  "ResponderCrewTransport", "DetoxTransport", "UnmannedAerialVehicle", "ElectronicBoard", "FireBoat", "FireTruckLadder", "FireFoamTender", "FoamTank", "ForensicEvidence", "FuelTender",
  "GangEnforcement", "HazMatTeam", "FireHelicopter", "HeavyRescue", "IncidentManagementTeam", "Investigator", "LawEnforcementCommandUnit", "PatrolUnit", "SchoolOfficer", "LightRescue",
  "MaintenanceandRepairTeam", "ParkingEnforcement", "MobileCommunicationCenter", "MobileSupportVehicle", "CrowdControlTeam", "MountedPatrol", "MountainSearchandRescueTeam", "MedicalTransportVehicle",
  "ParkRanger", "DiveTeam", "RapidResponseSpecialist", "RoadSweeper", "SafetyOfficer", "SnowBlower", "SnowCat", "StructureFireEngineType1", "StructureFireEngineType2", "SWAT", "SwiftwaterRescueTeam",
  "VehicularCrimesTeam", "Veterinarian", "WaterRescueTeam", "TrafficUnit", "TransitOfficer", "DumpTruck", "TowTruck", "PlowTruck", "TugBoat", "VictimAdvocate", "DeWateringWaterPump", "WasteWaterPump",
  "FireWaterTender", "WaterTruck", "WheelDozer", "WheelLoaderBackhoe", "WheelLoader", "WheelLoaderSkidSteer", "WoodChipper", "WildlandTaskForce", "StrikeTeam", "HotShotTeam",
] as const;
export type EmergencyResourceType = (typeof EMERGENCY_RESOURCE_TYPES)[number];

export const AGENCY_ROLES = [
  "Assisting", "CallReceiving", "Dispatched", "Dispatching", "Informational", "TransferredTo",
] as const;
export type AgencyRole = (typeof AGENCY_ROLES)[number];
