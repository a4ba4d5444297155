using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Conformance.Cases;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Conformance.Running;

/// <summary>Turns the shape of a vector's windows into the builder's steps; a millisecond is one tick.</summary>
internal static class Windowing
{
    public static WindowedStep<string> Step(WindowShape shape)
    {
        var events = StreamProcessorBuilder.ForKeys<string>().Measure("value", MeasureType.Int64);
        return shape.Kind switch
        {
            "tumbling" => events.TumblingWindows(Span(shape.Size), offset: Span(shape.Offset)),
            "sliding" or "hopping" => events.SlidingWindows(Span(shape.Size), Span(shape.Slide), Span(shape.Offset)),
            "session" => events.SessionWindows(Span(shape.Gap)),
            _ => throw new InvalidDataException($"The window kind '{shape.Kind}' is not known."),
        };
    }

    public static TimeSpan? OptionalSpan(long? milliseconds) =>
        milliseconds is { } given ? Span(given) : null;

    public static JumpGuardOptions? GuardOf(JumpGuardShape? guard) => guard is null
        ? null
        : new JumpGuardOptions(Span(guard.Jump)) { Keys = (int)guard.Keys, Events = (int)guard.Events };

    public static TimeSpan Span(long milliseconds) => TimeSpan.FromTicks(milliseconds);
}
