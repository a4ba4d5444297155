using DisruptorStream.Events;
using DisruptorStream.Ingest.Fields;

namespace DisruptorStream.LoadTests.Texts.Marked;

/// <summary>As <see cref="TextCall"/>, with members that say what they are.</summary>
[StreamEvent]
internal readonly partial record struct MarkedTextCall(
    [EventKey] string Key, [EventTime(EventTimeUnit.Ticks)] long Ticks, [Measure("value")] double Value);
