using CsCheck;
using DisruptorStream.Conformance.Cases;

namespace DisruptorStream.Properties;

/// <summary>
/// Random windows, triggers and streams; times lie close together, so that everything that can meet does.
/// </summary>
internal static class RandomStreams
{
    private static readonly Gen<WindowShape> Windows = Gen.OneOf(
        Gen.Select(
            Gen.Long[1, 40], Gen.Long[-40, 40], (size, offset) => new WindowShape("tumbling", size, size, 0, offset)),
        Gen.Select(
            Gen.Long[1, 40],
            Gen.Long[1, 25],
            Gen.Long[-40, 40],
            (size, slide, offset) => new WindowShape("sliding", size, slide, 0, offset)),
        Gen.Long[1, 12].Select(gap => new WindowShape("session", 0, 0, gap, 0)));

    private static readonly Gen<TriggerShape> Triggers = Gen.Select(
        Gen.Frequency((2, Gen.Const((long?)null)), (7, Gen.Long[1, 3].Select(count => (long?)count))),
        Gen.Frequency((3, Gen.Const((long?)null)), (1, Gen.Long[0, 12].Select(delay => (long?)delay))),
        Gen.Frequency((2, Gen.Const((long?)null)), (2, Gen.Long[1, 3].Select(count => (long?)count))),
        Gen.Frequency((4, Gen.Const((long?)null)), (1, Gen.Long[0, 12].Select(delay => (long?)delay))),
        Gen.Frequency((6, Gen.Const(false)), (1, Gen.Const(true))),
        (early, earlyDelay, late, lateDelay, never) => new TriggerShape(early, earlyDelay, late, lateDelay, never));

    private static readonly Gen<string> Modes = Gen.OneOf(
        Gen.Const("accumulating"), Gen.Const("discarding"), Gen.Const("retracting"));

    private static readonly Gen<FillShape> Fills = Gen.Select(
        Gen.OneOf(Gen.Const("null"), Gen.Const("zero"), Gen.Const("previous")),
        Gen.OneOf(Gen.Int[1, 4], Gen.Const(1000)),
        (with, maxEmpty) => new FillShape(with, maxEmpty));

    /// <summary>Streams whose gaps are filled.</summary>
    public static Gen<WindowVector> Filled => Gen.Select(Vectors, Fills, (vector, fill) =>
        vector.Window.Kind == "session" ? vector : vector with { Mode = "accumulating", Fill = fill });

    public static Gen<WindowVector> Vectors { get; } = Gen.Select(
        Windows,
        Triggers,
        Modes,
        Gen.Frequency((2, Gen.Const(0L)), (4, Gen.Long[1, 30]), (1, Gen.Const(long.MaxValue))),
        Gen.Frequency((1, Gen.Const((long?)null)), (3, Gen.Long[0, 8].Select(bound => (long?)bound))),
        Gen.Frequency((6, Gen.Const(false)), (1, Gen.Const(true))),
        Gen.Frequency((1, Gen.Const((FillShape?)null)), (1, Fills!)),
        Steps(),
        (window, trigger, mode, lateness, bound, processing, fill, steps) => new WindowVector("random")
        {
            Fill = mode == "accumulating" && window.Kind != "session" ? fill : null,
            Window = window,
            Trigger = trigger,
            Mode = mode,
            AllowedLateness = lateness,
            MaxOutOfOrderness = bound,
            ProcessingTime = processing,
            Steps = steps,
            Expected = [],
            ExpectedDropped = null,
        });

    /// <summary>As the others, where each key goes by a time of its own, and some clocks are far ahead.</summary>
    public static Gen<WindowVector> PerKeyVectors { get; } = Gen.Select(
        Vectors,
        Gen.Long[0, 8],
        Gen.Frequency((1, Gen.Const((long?)null)), (3, Gen.Long[1, 12].Select(after => (long?)after))),
        Gen.Long[-300, 300].Array[4],
        (vector, bound, closeAfter, ahead) => vector with
        {
            Fill = null,
            ProcessingTime = false,
            MaxOutOfOrderness = null,
            PerKey = new PerKeyShape(bound, closeAfter),
            Steps = [.. vector.Steps.Select(step => step is WindowStep.Event published
                ? published with { Time = published.Time + ahead[published.Key[^1] - '0'] }
                : step)],
        });

    /// <summary>As the others, with event time that goes on with the clock, and a guard against jumps.</summary>
    public static Gen<WindowVector> UnattendedVectors { get; } = Gen.Select(
        Vectors,
        Gen.Frequency((1, Gen.Const((long?)null)), (3, Gen.Long[1, 12].Select(after => (long?)after))),
        Gen.Frequency(
            (1, Gen.Const((JumpGuardShape?)null)),
            (4, Gen.Select(
                Gen.Long[1, 30],
                Gen.Long[1, 4],
                Gen.Long[1, 6],
                (jump, keys, events) => (JumpGuardShape?)new JumpGuardShape(jump, keys, events)))),
        Gen.Int[0, 200],
        (vector, quiet, guard, jumpAt) => vector.ProcessingTime ? vector : vector with
        {
            QuietAfter = quiet,
            JumpGuard = vector.MaxOutOfOrderness is null ? null : guard,
            Steps = [.. vector.Steps.Select((step, index) => Jump(step, index, guard, jumpAt))],
        });

    /// <summary>Some clocks lie, and from somewhere on time has jumped for all.</summary>
    private static WindowStep Jump(WindowStep step, int index, JumpGuardShape? guard, int jumpAt) =>
        step is not WindowStep.Event published || guard is null ? step : published with
        {
            Time = published.Time
                + (index >= jumpAt ? 3 * guard.Jump : 0)
                + (Math.Abs(published.Value) >= 8 ? guard.Jump + published.Value : 0),
        };

    /// <summary>
    /// Time creeps on; an event is now and then far behind it, and a watermark or a clock reading comes in between.
    /// </summary>
    private static Gen<WindowStep[]> Steps() => Gen.Select(
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 3], Gen.Long[-6, 6], Gen.Long[-40, 0], Gen.Long[-9, 9]).Array[50, 110],
        Gen.Long[-200, 200],
        Gen.Bool,
        (choices, begin, ends) =>
        {
            var steps = new List<WindowStep>(choices.Length + 1);
            var (time, clock) = (begin, 0L);
            foreach (var (choice, key, jitter, behind, value) in choices)
            {
                time += choice % 3 == 0 ? 2 : 0;
                steps.Add(choice switch
                {
                    < 8 => new WindowStep.Watermark(time + jitter),
                    < 18 => new WindowStep.Clock(clock += choice % 7),
                    < 46 => new WindowStep.Event($"key{key}", time + behind, value),
                    _ => new WindowStep.Event($"key{key}", time + jitter, value),
                });
            }

            if (ends)
                steps.Add(new WindowStep.EndOfInput());
            return steps.ToArray();
        });
}
