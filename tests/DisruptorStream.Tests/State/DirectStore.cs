using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.State;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.State;

/// <summary>A store of its own, which counts events and sums them, with its rows as text.</summary>
internal sealed unsafe class DirectStore : IDisposable
{
    private readonly Output _output;
    private readonly AggregatePlan _plan;
    private long _next;

    /// <param name="create">Makes the store.</param>
    /// <param name="change">What differs from a store without lateness, triggers and limits.</param>
    public DirectStore(Func<StoreContext, WindowStateStore> create, Func<StoreContext, StoreContext>? change = null)
    {
        var builder = new AggregateBuilder([new MeasureDefinition("x", 0, MeasureType.Double)]);
        builder.Count("n").Sum("s", "x");
        _plan = AggregatePlan.Compile(builder.Metrics, NonFinitePolicy.RejectEvent);
        _output = new Output(_plan.Metrics.Count);
        var context = new StoreContext
        {
            Plan = _plan,
            Output = _output,
            AllowedLatenessTicks = 0,
            Accumulation = AccumulationMode.Accumulating,
            MeasureCount = 1,
            RouteDropped = true,
            MaxWindowsPerKey = 1000,
            WindowOverflow = WindowOverflowPolicy.EvictOldest,
            MaxOutOfOrdernessTicks = 0,
            ProcessingTime = false,
            ShardMask = 0,
            Shard = 0,
            Counters = Counters,
            Activity = new KeyActivity(),
        };
        Store = create(change is null ? context : change(context));
    }

    public WindowStateStore Store { get; }

    public ShardCounters Counters { get; } = new();

    /// <summary>The largest timestamp so far.</summary>
    public long Max { get; private set; } = long.MinValue;

    /// <summary>After a number of events, or a number of ticks after the first of them.</summary>
    public static PaneTrigger Every(long count, long delayTicks = -1) =>
        PaneTrigger.Create<CountDelayTrigger, CountDelayTrigger.State>(new CountDelayTrigger(count, delayTicks));

    /// <summary>Adds a run of events, with a value of 1 where none is given.</summary>
    /// <param name="run">What assignment says of them; place, count and largest time are filled in here.</param>
    /// <param name="events">The events.</param>
    public void Add(EventRun run, params (int Key, long Time, double Value)[] events)
    {
        var slots = Array.ConvertAll(events, one => new EventSlot
        {
            KeyId = one.Key,
            TimestampTicks = one.Time,
            Measure = BitConverter.DoubleToInt64Bits(one.Value),
        });
        run.FirstSequence = _next;
        run.Count = slots.Length;
        run.SourceMaxTicks = Max;
        Max = events.Max(one => one.Time) is var latest && latest > Max ? latest : Max;
        run.EndMaxTicks = Max;
        _next += slots.Length;
        fixed (EventSlot* first = slots)
            Store.OnEvents(new EventView(first, null, 0, run.FirstSequence, slots.Length), run);
        Flush();
    }

    public void Watermark(long watermark) => Store.OnWatermark(_next++, watermark);

    public void Clock(long clock)
    {
        Store.OnClock(_next++, clock, clock, isStaged: false);
        Flush();
    }

    /// <summary>Fires all that is due, and returns the rows since the last call.</summary>
    public string[] Rows()
    {
        Store.FinishFiring();
        Flush();
        return RowsSoFar();
    }

    /// <summary>The rows since the last call.</summary>
    public string[] RowsSoFar()
    {
        var rows = _output.Texts.ToArray();
        _output.Texts.Clear();
        return rows;
    }

    public void Dispose()
    {
        Store.Dispose();
        _plan.Dispose();
    }

    private void Flush()
    {
        if (!Store.IsFiring)
            _output.FlushStaged();
    }

    /// <summary>Start..end, key, timing and index, count:sum.</summary>
    private sealed class Output : PaneOutput
    {
        public Output(int width)
            : base(width)
        {
        }

        public List<string> Texts { get; } = [];

        protected override void Emit(in ResultHeader header, ReadOnlySpan<long> values)
        {
            if ((header.Flags & ResultFlags.Dropped) != 0)
            {
                Texts.Add($"dropped {header.StartTicks} key {header.KeyId} {header.Reason}");
                return;
            }

            var flags = header.Flags == ResultFlags.None ? "" : $" {header.Flags}";
            Texts.Add($"{header.StartTicks}..{header.EndTicks} key {header.KeyId} {header.Timing} {header.PaneIndex} "
                + $"{values[0]}:{BitConverter.Int64BitsToDouble(values[1])}{flags}");
        }
    }
}
