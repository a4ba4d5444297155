using System.Globalization;
using System.Text;
using DisruptorStream.Cluster;

namespace DisruptorStream.Orleans.Grains;

/// <summary>Where a partition is, and how it is doing.</summary>
[GenerateSerializer]
[Alias("DisruptorStream.PartitionPlace")]
public sealed record PartitionPlace
{
    /// <summary>The name of the query in the cluster, as <c>UseDisruptorStream</c> has it.</summary>
    [Id(0)]
    public required string Query { get; init; }

    /// <summary>From 0 on.</summary>
    [Id(1)]
    public required int Partition { get; init; }

    /// <summary>The address of the silo that runs its owner.</summary>
    [Id(2)]
    public required string Silo { get; init; }

    /// <summary>What the owner is doing.</summary>
    [Id(3)]
    public required PartitionState State { get; init; }

    /// <summary>How many owners there have been, this one included; 0 while that is not known.</summary>
    [Id(4)]
    public long Epoch { get; init; }

    /// <summary>How many results are in the log.</summary>
    [Id(5)]
    public long Results { get; init; }

    /// <summary>How far the inputs are behind, all together: <see cref="PartitionStatus.Lag"/>.</summary>
    [Id(6)]
    public long Lag { get; init; }

    /// <summary>When the newest checkpoint was written; null for none.</summary>
    [Id(7)]
    public DateTimeOffset? CheckpointAt { get; init; }

    /// <summary>Up to which time windows have fired, in ticks since 1970; null for none yet.</summary>
    [Id(8)]
    public long? WatermarkTicks { get; init; }

    /// <summary>How many events the owner has handled.</summary>
    [Id(9)]
    public long EventsHandled { get; init; }

    /// <summary>What goes wrong; null for nothing.</summary>
    [Id(10)]
    public string? Failure { get; init; }

    /// <summary>
    /// Whether the silo cannot own it, since the log goes on with another version of the query: another silo may.
    /// </summary>
    [Id(11)]
    public bool IsRefused { get; init; }

    /// <summary>How many of the events entered no window: <see cref="PartitionStatus.EventsDropped"/>.</summary>
    [Id(12)]
    public long EventsDropped { get; init; }

    /// <summary>All of it in one line, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Query}/{Partition} on {Silo}: {State}, epoch {Epoch}, {Results:N0} results, {Lag:N0} behind, ")
            .Append(CultureInfo.InvariantCulture, $"{EventsHandled:N0} events handled");
        if (EventsDropped > 0)
            text.Append(CultureInfo.InvariantCulture, $", {EventsDropped:N0} events dropped");
        if (CheckpointAt is { } at)
            text.Append(CultureInfo.InvariantCulture, $", checkpoint of {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        if (Failure is { } failure)
            text.Append(CultureInfo.InvariantCulture, $", {failure}");
        return text.ToString();
    }

    internal static PartitionPlace Of(PartitionStatus status, string silo) =>
        new()
        {
            Query = status.Query,
            Partition = status.Partition,
            Silo = silo,
            State = status.State,
            Epoch = status.Epoch,
            Results = status.Results,
            Lag = status.Lag,
            CheckpointAt = status.CheckpointAt,
            WatermarkTicks = status.WatermarkTicks,
            EventsHandled = status.EventsHandled,
            EventsDropped = status.EventsDropped,
            IsRefused = status is { State: PartitionState.Failed, Failure: PartitionPlanException },
            Failure = status.Failure is { } failure ? $"{failure.GetType().Name}: {failure.Message}" : null,
        };
}
