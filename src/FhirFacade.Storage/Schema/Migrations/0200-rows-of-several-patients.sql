-- Rows that name several patients belong to none of them (column patient is null). A search for one of those patients goes along
-- the patient's own rows; the few others are found here. For the types of the Patient compartment: https://hl7.org/fhir/R4/compartmentdefinition-patient.html
create function extend_resource_table_200(resource_type text) returns void language plpgsql as $$
declare
  t text := lower(resource_type);
begin
  if t in (
    'account', 'adverseevent', 'allergyintolerance', 'appointment', 'appointmentresponse', 'auditevent', 'basic', 'bodystructure',
    'careplan', 'careteam', 'chargeitem', 'claim', 'claimresponse', 'clinicalimpression', 'communication', 'communicationrequest',
    'composition', 'condition', 'consent', 'coverage', 'coverageeligibilityrequest', 'coverageeligibilityresponse', 'detectedissue',
    'devicerequest', 'deviceusestatement', 'diagnosticreport', 'documentmanifest', 'documentreference', 'encounter', 'enrollmentrequest',
    'episodeofcare', 'explanationofbenefit', 'familymemberhistory', 'flag', 'goal', 'group', 'imagingstudy', 'immunization',
    'immunizationevaluation', 'immunizationrecommendation', 'invoice', 'list', 'measurereport', 'media', 'medicationadministration',
    'medicationdispense', 'medicationrequest', 'medicationstatement', 'molecularsequence', 'nutritionorder', 'observation', 'person',
    'procedure', 'provenance', 'questionnaireresponse', 'relatedperson', 'requestgroup', 'researchsubject', 'riskassessment', 'schedule',
    'servicerequest', 'specimen', 'supplydelivery', 'supplyrequest', 'visionprescription') then
    execute format('create index if not exists %I on r.%I using gin (terms) with (fastupdate = on, gin_pending_list_limit = 512) where patient is null', t || '_shared', t);
  end if;
end
$$;

create or replace function create_resource_table(resource_type text) returns void language plpgsql as $$
begin
  perform create_resource_table_1(resource_type);
  perform extend_resource_table_2(resource_type);
  perform extend_resource_table_200(resource_type);
end
$$;

select extend_resource_table_200(tablename::text) from pg_tables where schemaname = 'r' and tablename !~ '_(range|text|posting)$';
