using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Pipeline.Assignment;

/// <summary>Window assignment alone: slots go in by the batch, and the runs come out as text.</summary>
internal sealed unsafe class AssignedSlots
{
    private readonly RunList _runs = new();
    private long _next;

    /// <param name="grid">The slices; null for none.</param>
    /// <param name="rules">Lateness and time domain.</param>
    /// <param name="idleTimeoutTicks">After how long a source is idle; -1 for never.</param>
    public AssignedSlots(SliceGrid? grid, AssignmentRules rules, long idleTimeoutTicks = -1) =>
        Stage = rules.NewStage(grid, new WatermarkTracker(rules.MaxOutOfOrdernessTicks, idleTimeoutTicks));

    public WindowAssignmentStage Stage { get; }

    /// <summary>The runs of the last batch.</summary>
    public ReadOnlySpan<EventRun> Runs => _runs.Runs;

    /// <summary>The runs of the last batch: kind, first sequence + count, and what matters of the kind.</summary>
    public string[] Texts
    {
        get
        {
            var texts = new string[_runs.Count];
            for (var index = 0; index < texts.Length; index++)
                texts[index] = Describe(_runs.Runs[index]);
            return texts;
        }
    }

    public static AssignmentRules Rules(
        long lateness = 0, long outOfOrderness = 0, bool processingTime = false, int maxSlices = 100) =>
        new(lateness, outOfOrderness, processingTime, maxSlices) { SharesSlices = true };

    public static EventSlot At(long time, int source = 0, int key = 0) =>
        new() { TimestampTicks = time, SourceId = (ushort)source, KeyId = key };

    public static EventSlot Of(SlotKind kind, long time = 0, int source = 0, long measure = 0) =>
        new() { Kind = kind, TimestampTicks = time, SourceId = (ushort)source, Measure = measure };

    /// <summary>How many events have taken the short way.</summary>
    public int TakenAlone { get; private set; }

    /// <summary>
    /// Handles one batch, which begins behind what the one before took; returns how many it took. A slot alone takes
    /// the short way, if it may.
    /// </summary>
    public int Take(params EventSlot[] slots)
    {
        _runs.Clear();
        fixed (EventSlot* first = slots)
        {
            if (slots.Length == 1 && Stage.TryTakeOne(first, _next))
            {
                TakenAlone++;
                _next++;
                _runs.Add(Stage.OneRun);
                return 1;
            }

            var taken = Stage.OnBatch(new EventView(first, null, 0, _next, slots.Length), _runs);
            _next += taken;
            return taken;
        }
    }

    /// <summary>Handles events outside of the ring.</summary>
    public void TakeEvents(ushort source, TimestampRange timestamps, params EventSlot[] slots)
    {
        _runs.Clear();
        fixed (EventSlot* first = slots)
        {
            var view = new EventView(first, null, 0, _next, slots.Length);
            Stage.OnEvents(new AcceptedEvents(view, source, timestamps), _runs);
            _next += slots.Length;
        }
    }

    public AssignmentFigures ReadFigures()
    {
        Stage.Counters.EndBatch(Stage.WatermarkTicks, Stage.TimeOfDayTicks, Stage.HeldCount);
        return Stage.Counters.Read();
    }

    private static string Describe(in EventRun run)
    {
        var what = run.Kind switch
        {
            RunKind.Events => $" slice {run.Slice} at {Time(run.WatermarkTicks)}"
                + (run.HasOlder ? $" older before {run.SliceStartTicks}" : ""),
            RunKind.Dropped => $" {run.Reason}",
            RunKind.Watermark => $" to {Time(run.WatermarkTicks)}",
            RunKind.Clock => $" {run.SteadyTicks} of day {run.EndMaxTicks}",
            _ => "",
        };
        return $"{run.Kind} {run.FirstSequence}+{run.Count}{what}{(run.HasMore ? " and" : "")}";
    }

    private static string Time(long ticks) => ticks switch
    {
        long.MinValue => "none",
        long.MaxValue => "end",
        _ => $"{ticks}",
    };
}
