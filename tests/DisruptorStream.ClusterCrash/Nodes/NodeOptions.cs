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
    public string[] ToArguments() =>
    [
        "node", Kind, Address, Round, Index.ToString(CultureInfo.InvariantCulture),
        Scheduler.ToString(),
    ];

    public static NodeOptions Parse(string[] arguments) =>
        arguments is [var kind, var address, var round, var index, var scheduler]
            ? new NodeOptions(
                kind,
                address,
                round,
                int.Parse(index, NumberStyles.None, CultureInfo.InvariantCulture),
                Enum.Parse<NodeScheduler>(scheduler))
            : throw new FormatException("A node is told log, address, round, index and scheduler.");
}
