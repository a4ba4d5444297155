using System.Diagnostics;
using System.Diagnostics.Metrics;
using DisruptorStream.Emission;
using DisruptorStream.Telemetry;
using DisruptorStream.Telemetry.Guards;
using DisruptorStream.Tests.Emission.Delivery;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Telemetry.Guards;

/// <summary>Whatever the host's logger, clock and listeners throw, a processor goes through its whole life.</summary>
public sealed class HostFailuresTests
{
    // Listeners of activities are the process's: only what this test starts is to see its failures.
    private static readonly AsyncLocal<bool> ListenersThrow = new();

    public enum Broken
    {
        Logger,
        LoggerIsEnabled,
        ClockTime,
        ClockTimestamp,
        TimerDispose,
        Meter,
        ActivitySample,
        ActivityStarted,
        ActivityStopped,
    }

    public static MatrixTheoryData<ExecutionMode, Broken> Cases { get; } = new(
        [ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged], Enum.GetValues<Broken>());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task StopAsync_HostThrows_EverythingIsDelivered(ExecutionMode mode, Broken broken)
    {
        using var host = new Host(broken);
        var sink = new RecordingSink();
        var processor = host.Build(mode, sink);
        host.Break();
        processor.Start();
        processor.Publish("a", 1, 1);
        processor.Advance();
        host.Clock.Tick();
        processor.Publish("a", 12, 1);
        await processor.FlushAsync(Token).AsTask().WaitAsync(Processors.Patience, Token);
        await processor.StopAsync(StopMode.Complete, Token).WaitAsync(Processors.Patience, Token);
        await processor.DisposeAsync().AsTask().WaitAsync(Processors.Patience, Token);

        Assert.Equal(["a", "a"], sink.Keys);
        Assert.True(processor.Completion.IsCompletedSuccessfully);
        Assert.Equal(IsCalled(mode, broken), processor.GetStats().HostFailures > 0);
        Assert.Null(Activity.Current);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Completion_HostThrowsAndASinkFails_SaysWhatTheSinkThrew(ExecutionMode mode, Broken broken)
    {
        using var host = new Host(broken);
        var processor = host.Build(mode, new RecordingSink { FailuresToCome = int.MaxValue });
        host.Break();
        processor.Start();
        processor.Publish("a", 1, 1);
        try
        {
            processor.Publish("a", 12, 1);
        }
        catch (PipelineException) when (mode == ExecutionMode.Inline)
        {
        }

        var failure = await Assert.ThrowsAsync<PipelineException>(
            () => processor.Completion.WaitAsync(Processors.Patience, Token));
        await processor.DisposeAsync().AsTask().WaitAsync(Processors.Patience, Token);

        Assert.IsType<SinkException>(failure.InnerException);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task DisposeAsync_HostThrows_Ends(ExecutionMode mode, Broken broken)
    {
        using var host = new Host(broken);
        var processor = host.Build(mode, new RecordingSink());
        host.Break();
        processor.Start();
        processor.Publish("a", 1, 1);
        await processor.DisposeAsync().AsTask().WaitAsync(Processors.Patience, Token);

        Assert.True(processor.Completion.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Start_TimerCannotBeMade_ThrowsAndStartsLater(ExecutionMode mode)
    {
        using var host = new Host(Broken.ClockTime);
        var sink = new RecordingSink();
        var processor = host.Build(mode, sink);
        host.Clock.MakesNoTimer = true;

        Assert.Throws<TimeoutException>(processor.Start);
        Assert.Equal(ProcessorState.Created, processor.GetStats().State);
        host.Clock.MakesNoTimer = false;
        processor.Start();
        processor.Publish("a", 1, 1);
        await processor.StopAsync(StopMode.Complete, Token).WaitAsync(Processors.Patience, Token);
        await processor.DisposeAsync();

        Assert.Equal(["a"], sink.Keys);
    }

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task StopAsync_NeverStartedAndNoTimer_Ends(ExecutionMode mode)
    {
        using var host = new Host(Broken.ClockTime);
        var sink = new RecordingSink();
        await using var processor = host.Build(mode, sink);
        host.Clock.MakesNoTimer = true;
        processor.Publish("a", 1, 1);

        await processor.StopAsync(StopMode.Complete, Token).WaitAsync(Processors.Patience, Token);

        Assert.Equal(["a"], sink.Keys);
    }

    [Theory]
    [MemberData(nameof(LifecycleTests.Modes), MemberType = typeof(LifecycleTests))]
    public async Task Completion_MessageOfTheFailureThrows_FaultsAllTheSame(ExecutionMode mode)
    {
        var processor = Processors.Tumbling(10).Counting(mode)
            .To(new RecordingSink { OnCall = () => throw new SilentException() }).Build();
        processor.Start();
        processor.Publish("a", 1, 1);
        try
        {
            processor.Publish("a", 12, 1);
        }
        catch (PipelineException) when (mode == ExecutionMode.Inline)
        {
        }

        var failure = await Assert.ThrowsAsync<PipelineException>(
            () => processor.Completion.WaitAsync(Processors.Patience, Token));
        await processor.DisposeAsync();

        Assert.IsType<SilentException>(Assert.IsType<SinkException>(failure.InnerException).InnerException);
    }

    /// <summary>A listener that throws when it is told of the instruments keeps nobody else from them.</summary>
    [Fact]
    public async Task Build_ListenerThrowsAtEachInstrument_TheyAreThereForOthers()
    {
        using var host = new Host(Broken.Logger);
        using var angry = new MeterListener { InstrumentPublished = (instrument, _) => host.ThrowAt(instrument) };
        angry.Start();
        host.Break();
        await using var processor = host.Build(ExecutionMode.Inline, new RecordingSink());
        using var healthy = new Reading(host);
        processor.Publish("a", 1, 1);
        processor.Publish("a", 12, 1);
        healthy.Collect();

        Assert.Contains("disruptorstream.events.published 2", healthy.Seen);
        Assert.Contains(
            healthy.Seen, line => line.StartsWith("disruptorstream.result.latency ", StringComparison.Ordinal));
        Assert.NotEqual(0, processor.GetStats().HostFailures);
    }

    [Fact]
    public void NewSource_ListenerThrowsAtTheSource_IsCounted()
    {
        var failures = new HostFailures();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "DisruptorStream" && ListenersThrow.Value
                ? throw new TimeoutException()
                : false,
        };
        ActivitySource.AddActivityListener(listener);
        ListenersThrow.Value = true;

        Assert.Null(BatchTracer.NewSource(failures));
        ListenersThrow.Value = false;
        using var source = BatchTracer.NewSource(failures);

        Assert.NotNull(source);
        Assert.Equal(1, failures.Count);
    }

    [Fact]
    public void TakeFailure_ClockThrows_TellsOnceUntilItIsReadAgain()
    {
        using var host = new Host(Broken.ClockTime);
        var clock = new GuardedClock(host.Clock, new HostFailures());
        var before = clock.GetUtcNow();
        host.Break();

        Assert.Equal((before, before), (clock.GetUtcNow(), clock.GetUtcNow()));
        Assert.IsType<TimeoutException>(clock.TakeFailure());
        Assert.Null(clock.TakeFailure());
        clock.GetUtcNow();
        Assert.Null(clock.TakeFailure());
        host.Mend();
        host.Clock.Tick();
        Assert.Equal(before.AddSeconds(1), clock.GetUtcNow());
        host.Break();
        Assert.Equal(before.AddSeconds(1), clock.GetUtcNow());
        Assert.IsType<TimeoutException>(clock.TakeFailure());
    }

    // Without threads there is no timer, and its start and its faults alone are logged.
    private static bool IsCalled(ExecutionMode mode, Broken broken) =>
        mode != ExecutionMode.Inline || broken is not Broken.TimerDispose;

    private sealed class SilentException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");
    }

    /// <summary>A host of which one part throws, once it is broken.</summary>
    private sealed class Host : ILogger, IDisposable
    {
        private readonly Broken _part;
        private readonly MeterReading _meter = new();
        private readonly ActivityListener _listener;
        private bool _isBroken;

        public Host(Broken part)
        {
            _part = part;
            Clock = new BreakableClock(this);
            _meter.OnMeasurement = _ => ThrowIf(Broken.Meter);
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "DisruptorStream",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                {
                    ThrowIf(Broken.ActivitySample);
                    return ActivitySamplingResult.AllData;
                },
                ActivityStarted = _ => ThrowIf(Broken.ActivityStarted),
                ActivityStopped = _ => ThrowIf(Broken.ActivityStopped),
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public BreakableClock Clock { get; }

        public StreamProcessor<string> Build(ExecutionMode mode, IResultSink<string> sink) =>
            Processors.Tumbling(10).Counting(mode)
                .WithOptions(Processors.Options(mode) with { BatchesPerTrace = 1 })
                .WithLogger(this).WithTimeProvider(Clock).WithMeterFactory(_meter).To(sink).Build();

        /// <summary>From here on the part throws: on this thread and on all that are started from here on.</summary>
        public void Break() => _isBroken = ListenersThrow.Value = true;

        public void Mend() => _isBroken = false;

        public void ThrowAt(Instrument instrument)
        {
            if (instrument.Meter.Scope == _meter)
                ThrowIf(_part);
        }

        public bool Owns(Instrument instrument) => instrument.Meter.Scope == _meter;

        public void Dispose()
        {
            _isBroken = false;
            _listener.Dispose();
            _meter.Dispose();
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw new TimeoutException("scope");

        public bool IsEnabled(LogLevel logLevel)
        {
            ThrowIf(Broken.LoggerIsEnabled);
            return true;
        }

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => ThrowIf(Broken.Logger);

        public void ThrowIf(Broken part)
        {
            if (_part == part && Volatile.Read(ref _isBroken) && (part < Broken.ActivitySample || ListenersThrow.Value))
                throw new TimeoutException($"{part}");
        }
    }

    /// <summary>A listener that is well.</summary>
    private sealed class Reading : IDisposable
    {
        private readonly MeterListener _listener = new();

        public Reading(Host host)
        {
            _listener.InstrumentPublished = (instrument, self) =>
            {
                if (host.Owns(instrument))
                    self.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Note(instrument, value));
            _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Note(instrument, value));
            _listener.Start();
        }

        public List<string> Seen { get; } = [];

        public void Collect() => _listener.RecordObservableInstruments();

        public void Dispose() => _listener.Dispose();

        private void Note(Instrument instrument, double value)
        {
            lock (Seen)
                Seen.Add($"{instrument.Name} {value}");
        }
    }

    private sealed class BreakableClock : FakeTimeProvider
    {
        private readonly Host _host;

        public BreakableClock(Host host)
            : base(DateTimeOffset.UnixEpoch) => _host = host;

        public bool MakesNoTimer { get; set; }

        /// <summary>The processor's timer fires.</summary>
        public void Tick() => Advance(TimeSpan.FromSeconds(1));

        public override DateTimeOffset GetUtcNow()
        {
            _host.ThrowIf(Broken.ClockTime);
            return base.GetUtcNow();
        }

        public override long GetTimestamp()
        {
            _host.ThrowIf(Broken.ClockTimestamp);
            return base.GetTimestamp();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            MakesNoTimer
                ? throw new TimeoutException("no timer")
                : new BreakableTimer(_host, base.CreateTimer(callback, state, dueTime, period));
    }

    private sealed class BreakableTimer : ITimer
    {
        private readonly Host _host;
        private readonly ITimer _timer;

        public BreakableTimer(Host host, ITimer timer)
        {
            _host = host;
            _timer = timer;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => _timer.Change(dueTime, period);

        public void Dispose()
        {
            _timer.Dispose();
            _host.ThrowIf(Broken.TimerDispose);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
