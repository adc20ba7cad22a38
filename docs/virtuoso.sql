-- Gives Virtuoso the function geof:distance of GeoSPARQL, which the queries partners-by-distance and within-distance
-- ask for. Run it once, as the server's administrator:  isql 1111 dba PASSWORD docs/virtuoso.sql
--
-- Virtuoso calls a procedure that has the name of a function's IRI.

CREATE PROCEDURE DB.DBA."http://www.opengis.net/def/function/geosparql/distance" (IN a ANY, IN b ANY, IN unit ANY)
{
  IF (NOT isgeometry (a) OR NOT isgeometry (b)) RETURN NULL;
  IF (cast (unit AS VARCHAR) <> 'http://www.opengis.net/def/uom/OGC/1.0/metre')
    SIGNAL ('22023', 'geof:distance is defined here for uom:metre only');
  -- The server's own distance is along a great circle, on a sphere somewhat smaller than the mean Earth of 6,371,008.8 m
  -- that other engines take: so it is measured in quarters of that sphere's circle.
  RETURN CAST (st_distance (a, b) AS DOUBLE PRECISION) / st_distance (st_point (0, 0), st_point (90, 0)) * pi () * 6371008.8e0 / 2;
}
;

GRANT EXECUTE ON DB.DBA."http://www.opengis.net/def/function/geosparql/distance" TO "SPARQL"
;
