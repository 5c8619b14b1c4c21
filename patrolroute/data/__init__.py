"""The bundled night: a schematic map with the table it is drawn from, hotspots, depots, study areas."""
