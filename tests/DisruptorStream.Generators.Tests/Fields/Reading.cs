using DisruptorStream.Events;
using DisruptorStream.Ingest.Fields;

namespace DisruptorStream.Generators.Tests.Fields;

/// <summary>An event with all that can be marked: some getters throw when they are told to.</summary>
[StreamEvent]
internal readonly partial record struct Reading(
    [EventTime(EventTimeUnit.Milliseconds)] long Milliseconds,
    [EventKey("model")] string? Model,
    [EventKey("device")] int Device,
    [Measure("latency")] double Latency,
    [Measure("tokens")] long Tokens,
    [Measure("load")] float Load)
{
    /// <summary>A number of which reading it throws.</summary>
    public const int Throws = -7;

    [Measure("checked")]
    public int Checked => Device == Throws ? throw new TimeoutException("getter") : Device * 2;
}
