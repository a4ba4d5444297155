using DisruptorStream.Events;
using DisruptorStream.Ingest.Fields;

namespace DisruptorStream.LoadTests.Texts.Marked;

/// <summary>As <see cref="NumberCall"/>, with members that say what they are.</summary>
[StreamEvent]
internal readonly partial record struct MarkedNumberCall(
    [EventKey] int Key, [EventTime(EventTimeUnit.Ticks)] long Ticks, [Measure("value")] double Value);
