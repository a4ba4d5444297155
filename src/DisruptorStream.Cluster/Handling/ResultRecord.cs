using System.Globalization;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Handling;

/// <summary>A record of the log of results.</summary>
/// <param name="Epoch">Of its owner.</param>
/// <param name="First">The number of its first result, or of the next one.</param>
/// <param name="Count">How many results it has.</param>
internal readonly record struct ResultRecord(long Epoch, long First, int Count)
{
    /// <summary>Which run took the partition with this record; null where it only goes on.</summary>
    public string? Owner { get; init; }

    /// <summary>The fingerprint of the query; null where it only goes on.</summary>
    public string? Plan { get; init; }

    /// <summary>The version of the query; null where it only goes on.</summary>
    public int? Version { get; init; }

    /// <summary>What of the input was handled for it; null for nothing.</summary>
    public string? Order { get; init; }

    /// <summary>Up to which time windows have fired; null where it does not say.</summary>
    public long? WatermarkTicks { get; init; }

    /// <summary>Whether standbys may keep the state behind it.</summary>
    public bool Offers { get; init; }

    /// <summary>The lines of the results.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Reads a record of a log.</summary>
    /// <param name="log">The name of the log.</param>
    /// <param name="entry">The record.</param>
    /// <exception cref="InvalidDataException">It is none of a log of results.</exception>
    public static ResultRecord Of(string log, LogEntry entry)
    {
        var record = entry.Record;
        var version = Number(record, PartitionHeaders.Version);
        if (version is < 1 or > int.MaxValue
            || (version is null && record.Header(PartitionHeaders.Version) is not null))
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"The record at {entry.Position} of {log} says '{record.Header(PartitionHeaders.Version)}' where the "
                + $"version of the query should be: it is damaged, or of a newer release."));
        }

        if (Number(record, PartitionHeaders.Epoch) is not (> 0 and var epoch)
            || Number(record, PartitionHeaders.First) is not (> 0 and var first)
            || Number(record, PartitionHeaders.Count) is not (>= 0 and <= int.MaxValue and var count))
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"The record at {entry.Position} of {log} is no record of results: its headers say no epoch, number or "
                + $"count. Give each query a topic of its own for its results."));
        }

        return new ResultRecord(epoch, first, (int)count)
        {
            Owner = record.Header(PartitionHeaders.Owner),
            Plan = record.Header(PartitionHeaders.Plan),
            Version = (int?)version,
            Order = record.Header(PartitionHeaders.Order),
            WatermarkTicks = Number(record, PartitionHeaders.Watermark),
            Offers = record.Header(PartitionHeaders.Offer) is not null,
            Body = record.Body,
        };
    }

    /// <summary>As a log takes it.</summary>
    public LogRecord ToLog()
    {
        List<KeyValuePair<string, string>> headers =
        [
            new(PartitionHeaders.Epoch, Text(Epoch)),
            new(PartitionHeaders.First, Text(First)),
            new(PartitionHeaders.Count, Text(Count)),
        ];
        if (Owner is { } owner)
            headers.Add(new(PartitionHeaders.Owner, owner));
        if (Plan is { } plan)
            headers.Add(new(PartitionHeaders.Plan, plan));
        if (Version is { } version)
            headers.Add(new(PartitionHeaders.Version, Text(version)));
        if (WatermarkTicks is { } ticks)
            headers.Add(new(PartitionHeaders.Watermark, Text(ticks)));
        if (Order is { } order)
            headers.Add(new(PartitionHeaders.Order, order));
        if (Offers)
            headers.Add(new(PartitionHeaders.Offer, "1"));
        return new LogRecord(Body, headers);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long? Number(LogRecord record, string header) =>
        long.TryParse(
            record.Header(header), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
