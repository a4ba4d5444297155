using DisruptorStream.Emission.Calls;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Reading;

namespace DisruptorStream.Topology.Queries;

/// <summary>What the delivery of a query's results has come to.</summary>
internal sealed record DeliveryStats
{
    /// <summary>What was delivered.</summary>
    public required DeliveryFigures Delivered { get; init; }

    /// <summary>Panes that were ranked and are in no list, less the rows that late panes have shown again.</summary>
    public long UnlistedPanes { get; init; }

    /// <summary>What the calls of all sinks came to.</summary>
    public required SinkFigures Sinks { get; init; }

    /// <summary>What each asynchronous sink has done.</summary>
    public required IReadOnlyList<AsyncSinkStats> AsyncSinks { get; init; }

    /// <summary>Results that wait for a reader.</summary>
    public required int BufferedResults { get; init; }

    /// <summary>How often a full buffer held the emitting thread.</summary>
    public required long BlockedCount { get; init; }

    /// <summary>For how long it did.</summary>
    public required long BlockedTicks { get; init; }

    /// <summary>What each further reader has done.</summary>
    public required IReadOnlyList<ResultReaderStats> Readers { get; init; }

    /// <summary>Results that readers have lost because they were full.</summary>
    public required long DroppedByReaders { get; init; }
}
