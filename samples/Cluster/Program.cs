using Cluster;
using Cluster.Silos;

// The same program is the page with the load, and each of the silos that it starts.
if (args is ["silo", .. var silo])
    await SiloApp.RunAsync(SiloOptions.Parse(silo));
else
    await ClusterApp.RunAsync(args);
