namespace DisruptorStream.ClusterCrash.Rounds;

/// <summary>The names of faults on the command line.</summary>
internal static class FaultNames
{
    private static readonly Dictionary<string, Fault> Faults = new(StringComparer.Ordinal)
    {
        ["clean"] = Fault.Clean,
        ["kill-node"] = Fault.KillNode,
        ["kill-server"] = Fault.KillServer,
        ["kill-both"] = Fault.KillBoth,
        ["pause-node"] = Fault.PauseNode,
        ["two-owners"] = Fault.TwoOwners,
        ["cut-network"] = Fault.CutNetwork,
        ["upgrade"] = Fault.Upgrade,
    };

    /// <exception cref="FormatException">There is no such fault.</exception>
    public static Fault Parse(string name) => Faults.TryGetValue(name, out var fault)
        ? fault
        : throw new FormatException($"There is no way '{name}'; there are {string.Join(", ", Faults.Keys)}.");

    public static string NameOf(Fault fault) => Faults.First(pair => pair.Value == fault).Key;
}
