using DisruptorStream.Durability.Recording;

namespace DisruptorStream.Hosting.Health;

/// <summary>Whether a fault would leave a recording behind.</summary>
internal static class FlightRecorderHealth
{
    /// <summary>What is wrong while the processor goes on; nothing for one without a recorder.</summary>
    public static IEnumerable<string> WarningsOf(FlightRecorderStats? stats)
    {
        if (stats?.Failure is { } failure)
            yield return $"its flight recorder: {failure.TrimEnd('.')}";
    }

    /// <summary>Its figures.</summary>
    public static void Describe(FlightRecorderStats? stats, Dictionary<string, object> data)
    {
        if (stats is null)
            return;
        data["recordedSlots"] = stats.LastSequence - stats.BaseSequence;
        data["recordingDumps"] = stats.Dumps;
        if (stats.LastDump is { } dump)
            data["recordingLastDump"] = dump.Directory;
    }
}
