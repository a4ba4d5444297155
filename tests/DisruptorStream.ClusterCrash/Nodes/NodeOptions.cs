using System.Globalization;

namespace DisruptorStream.ClusterCrash.Nodes;

/// <summary>What a node is told.</summary>
/// <param name="Kind">Which log.</param>
/// <param name="Address">Where its server is.</param>
/// <param name="Round">Names the topics.</param>
/// <param name="Index">Which node it is, from 0 on.</param>
/// <param name="Scheduler">Who says which partitions it runs.</param>
internal sealed record NodeOptions(string Kind, string Address, string Round, int Index, NodeScheduler Scheduler)
{
    /// <summary>The version of the query: 1 or 2.</summary>
    public int Version { get; init; } = 1;

    /// <summary>How many standbys a partition has.</summary>
    public int Standbys { get; init; } = 1;

    /// <summary>Whether it tells where Orleans places grains that do nothing.</summary>
    public bool IsProbed { get; init; }

    public string[] ToArguments() =>
    [
        "node", Kind, Address, Round, Text(Index), Scheduler.ToString(), Text(Version), Text(Standbys),
        IsProbed.ToString(),
    ];

    public static NodeOptions Parse(string[] arguments) =>
        arguments is [var kind, var address, var round, var index, var scheduler, var version, var standbys, var probed]
            ? new NodeOptions(kind, address, round, Number(index), Enum.Parse<NodeScheduler>(scheduler))
            {
                Version = Number(version),
                Standbys = Number(standbys),
                IsProbed = bool.Parse(probed),
            }
            : throw new FormatException(
                "A node is told log, address, round, index, scheduler, version, standbys, and whether it is probed.");

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
