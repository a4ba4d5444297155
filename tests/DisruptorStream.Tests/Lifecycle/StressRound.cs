using System.Diagnostics;
using System.Globalization;
using DisruptorStream.Emission;

namespace DisruptorStream.Tests.Lifecycle;

/// <summary>A processor to which several threads do whatever comes to their minds, its ends included.</summary>
internal sealed class StressRound : IResultSink<string>
{
    private const int CallsOfAThread = 60;

    private readonly StreamProcessor<string> _processor;
    private readonly int _seed;
    private long _time;
    private long _accepted;
    private long _inPanes;
    private long _longestTicks;
    private int _isAborted;

    public StressRound(ExecutionMode mode, int seed)
    {
        _seed = seed;
        _processor = Processors.Tumbling(5)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode) with
            {
                RingCapacity = 64,
                ResultBufferSize = 100_000,
                ShutdownTimeout = Target.Patience,
            })
            .To(this)
            .Build();
    }

    /// <summary>The longest call of all threads.</summary>
    public TimeSpan Longest => new(Interlocked.Read(ref _longestTicks));

    public void OnResults(ResultBatch<string> batch)
    {
        foreach (var result in batch)
            _inPanes += (long)result["count"];
    }

    /// <summary>Runs the threads to their ends, and then the processor to its own.</summary>
    public async Task RunAsync(int threads)
    {
        if (_seed % 4 != 0)
            _processor.Start();
        var running = Enumerable.Range(0, threads)
            .Select(thread => Task.Factory.StartNew(
                () => Act(new Random((_seed * 31) + thread), thread), TaskCreationOptions.LongRunning))
            .ToArray();
        await Task.WhenAll(running).WaitAsync(3 * Target.Patience);
        await _processor.StopAsync(StopMode.Complete).WaitAsync(Target.Patience);
    }

    /// <summary>Every event that was accepted is in a result, or counted as dropped or discarded.</summary>
    public void Check()
    {
        var stats = _processor.GetStats();
        Assert.Equal(_accepted, stats.EventsPublished);
        Assert.Equal(_accepted, stats.EventsProcessed + stats.EventsDiscarded);
        Assert.True(_inPanes + stats.EventsDropped <= stats.EventsProcessed);
        if (_isAborted != 0)
            return;
        Assert.Equal(0, stats.EventsDiscarded);
        Assert.Equal(_accepted, _inPanes + stats.EventsDropped);
    }

    public ValueTask DisposeAsync() => _processor.DisposeAsync();

    private void Act(Random random, int thread)
    {
        for (var call = 0; call < CallsOfAThread; call++)
        {
            var begin = Stopwatch.GetTimestamp();
            try
            {
                Act(random, $"{thread}-{call}");
            }
            catch (Exception exception)
                when (exception is StreamProcessorException or InvalidOperationException)
            {
                // Refused, or too late: the table says which, and the sums at the end whether it was honest.
            }

            InterlockedMax(ref _longestTicks, Stopwatch.GetElapsedTime(begin).Ticks);
        }
    }

    private void Act(Random random, string name)
    {
        var time = Interlocked.Increment(ref _time);
        switch (random.Next(100))
        {
            case < 30:
                _processor.Publish(random.Next(5).ToString(CultureInfo.InvariantCulture), time, 1);
                Interlocked.Increment(ref _accepted);
                break;
            case < 40:
                if (_processor.TryPublish("a", time, 1))
                    Interlocked.Increment(ref _accepted);
                break;
            case < 50:
                _processor.PublishAsync("a", time, 1).AsTask().GetAwaiter().GetResult();
                Interlocked.Increment(ref _accepted);
                break;
            case < 65:
                UseSource(name, time, random.Next(2) == 0);
                break;
            case < 72:
                _processor.FlushAsync().AsTask().GetAwaiter().GetResult();
                break;
            case < 78:
                _processor.GetKey(name).Dispose();
                break;
            case < 84:
                _processor.GetStats();
                _processor.GetSources();
                break;
            case < 90:
                _processor.TryReadResult(out _);
                break;
            case < 95:
                _processor.Advance();
                break;
            case < 97:
                _processor.Start();
                break;
            default:
                End(random);
                break;
        }
    }

    private void UseSource(string name, long time, bool publishes)
    {
        using var publisher = _processor.CreatePublisher(name);
        publisher.Publish("b", time, 1);
        Interlocked.Increment(ref _accepted);
        using var claim = publisher.Claim(3);
        claim.Add("c", time, 1);
        if (claim.Capacity > 1)
            claim.Add("d", time, 1);
        var count = claim.Count;
        if (!publishes)
            return;
        claim.Publish();
        Interlocked.Add(ref _accepted, count);
    }

    private void End(Random random)
    {
        // A round lives long enough for something to happen.
        if (random.Next(3) != 0)
            return;
        var drains = random.Next(5);
        if (drains == 0)
        {
            _processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
            return;
        }

        Volatile.Write(ref _isAborted, 1);
        if (drains == 1)
            _processor.StopAsync(StopMode.Abort).GetAwaiter().GetResult();
        else if (drains == 2)
            _processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        else if (drains == 3)
            _processor.StopAsync(StopMode.Drain).GetAwaiter().GetResult();
        else
            _ = _processor.DisposeAsync().AsTask();
    }

    private static void InterlockedMax(ref long longest, long ticks)
    {
        var seen = Interlocked.Read(ref longest);
        while (ticks > seen)
            seen = Interlocked.CompareExchange(ref longest, ticks, seen) is var found && found == seen ? ticks : found;
    }
}
