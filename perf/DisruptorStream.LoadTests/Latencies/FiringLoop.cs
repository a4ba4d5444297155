using System.Diagnostics;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Rings;
using HdrHistogram;

namespace DisruptorStream.LoadTests.Latencies;

/// <summary>
/// An open loop over windows of many keys: how long a firing takes, and whether it holds the ring meanwhile.
/// </summary>
internal sealed class FiringLoop : IDisposable
{
    private const int EventsPerKey = 10;

    private readonly int _eventsPerSecond;
    private readonly int _eventsPerWindow;
    private readonly FiringSink _sink;
    private readonly StreamProcessor<int> _processor;
    private readonly KeyedPublisher<int> _publisher;
    private readonly KeyHandle[] _keys;
    private readonly RingHold _hold;
    private long _published;

    public FiringLoop(int eventsPerSecond, int keys, WaitStrategyKind wait)
    {
        _eventsPerSecond = eventsPerSecond;
        _eventsPerWindow = EventsPerKey * keys;
        _sink = new FiringSink(keys);
        _processor = StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromTicks(_eventsPerWindow))
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Count("count").Sum("sum").Min("min").Max("max").Average("avg"))
            .WithOptions(new StreamProcessorOptions
            {
                Mode = ExecutionMode.Fused,
                FutureSkewLimit = null,
                WaitStrategy = wait,
            })
            .To(_sink)
            .Build();
        _processor.Start();
        _publisher = _processor.CreatePublisher("clock");
        _hold = new RingHold(_publisher.Writer.Ring.Slots.Sequencer);
        _keys = new KeyHandle[keys];
        for (var key = 0; key < keys; key++)
            _keys[key] = _processor.GetKey(key);
    }

    /// <summary>From the due time of the closing event to the first result of its window.</summary>
    public LongHistogram First { get; } = Percentiles.NewHistogram();

    /// <summary>From the due time of the closing event to the last result of its window.</summary>
    public LongHistogram Last { get; } = Percentiles.NewHistogram();

    /// <summary>The longest time for which a firing left the ring lying, one for each firing.</summary>
    public LongHistogram Hold { get; } = Percentiles.NewHistogram();

    /// <summary>Publishes a number of windows on the caller's thread; records what it measures where asked.</summary>
    public void Run(int windows, bool record)
    {
        var events = (long)windows * _eventsPerWindow;
        var firstEvent = _published;
        var schedule = Schedule.StartNow(_eventsPerSecond);
        var closing = 0L;
        for (var index = 0L; index < events; index++)
        {
            var due = schedule.DueOf(index);
            do
                _hold.Look();
            while (Stopwatch.GetTimestamp() < due);

            if (index > 0 && index % _eventsPerWindow == 0)
            {
                closing = index;
                _hold.Restart();
            }

            _publisher.Publish(_keys[index % _keys.Length], _published++, 1);
            if (closing > 0 && _sink.LastEnd >= firstEvent + closing)
            {
                if (record)
                    Record(schedule, closing);
                closing = 0;
            }
        }

        _processor.FlushAsync().AsTask().GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        foreach (var key in _keys)
            key.Dispose();
        _publisher.Dispose();
        _processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Record(Schedule schedule, long closing)
    {
        First.RecordValue(schedule.NanosecondsSince(closing, _sink.FirstAt));
        Last.RecordValue(schedule.NanosecondsSince(closing, _sink.LastAt));
        Hold.RecordValue((long)(_hold.LongestTicks * (1e9 / Stopwatch.Frequency)));
    }

    private sealed class FiringSink : IResultSink<int>
    {
        private readonly int _keys;
        private int _seen;
        private long _lastEnd;

        public FiringSink(int keys) => _keys = keys;

        /// <summary>The end of the last window that is complete; what else is told is of that window.</summary>
        public long LastEnd => Volatile.Read(ref _lastEnd);

        public long FirstAt { get; private set; }

        public long LastAt { get; private set; }

        public void OnResults(ResultBatch<int> batch)
        {
            var now = Stopwatch.GetTimestamp();
            if (_seen == 0)
                FirstAt = now;
            _seen += batch.Count;
            if (_seen < _keys)
                return;
            _seen = 0;
            LastAt = now;

            // Publishes the times: pairs with the read in LastEnd.
            Volatile.Write(ref _lastEnd, batch[batch.Count - 1].Window.EndTicks);
        }
    }
}
