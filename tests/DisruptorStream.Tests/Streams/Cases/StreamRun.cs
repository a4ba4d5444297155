using DisruptorStream.Building.Streams;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Streams;
using DisruptorStream.Testing;
using DisruptorStream.Tests.Streams.Cases.Queries;

namespace DisruptorStream.Tests.Streams.Cases;

/// <summary>Runs a random stream, as a stream and as a processor for each query.</summary>
internal static class StreamRun
{
    /// <summary>What each query gives in a processor of its own.</summary>
    public static async Task<List<string>[]> AloneAsync(StreamCase one)
    {
        var clock = new VirtualClock { Ticks = 0 };
        var queries = QueriesOf(one);
        var alone = Array.ConvertAll(queries, query => query.NewAlone(one, clock));
        var inUse = new HashSet<int>(one.Queries.Select(query => query.Key));
        var keys = new KeyModel(one.MaxKeys);
        foreach (var step in one.Steps)
        {
            if (step is RandomStep.Clock time)
                clock.Ticks += time.Ticks;
            if (step is not RandomStep.Publish publish)
            {
                foreach (var processor in alone)
                    processor.Apply(step);
                continue;
            }

            var reading = publish.Event;
            var reasons = keys.Look(reading, inUse, column =>
            {
                for (var query = 0; query < queries.Length; query++)
                {
                    if (one.Queries[query].Key == column)
                        alone[query].Define(reading);
                }
            });
            var refused = TimeOf(one, clock, ref reading);
            for (var query = 0; query < queries.Length; query++)
                alone[query].Publish(publish.Source, reading, refused, reasons[one.Queries[query].Key]);
        }

        var results = new List<string>[alone.Length];
        for (var query = 0; query < alone.Length; query++)
        {
            await alone[query].EndAsync(one.Ends);
            results[query] =
            [
                .. alone[query].Lines,
                .. alone[query].Drops,
                FiguresOf(alone[query].Stats, alone[query].Filtered, alone[query].Refused),
            ];
            await alone[query].DisposeAsync();
        }

        return results;
    }

    /// <summary>What each query gives in the stream.</summary>
    public static async Task<List<string>[]> StreamAsync(StreamCase one, RunWay way)
    {
        var run = new Running(one, way);
        await using (run.ConfigureAwait(false))
        {
            var buffer = new List<Reading>();
            for (var at = 0; at < one.Steps.Length; at++)
            {
                if (one.Steps[at] is RandomStep.Publish publish)
                {
                    buffer.Add(publish.Event);
                    if (buffer.Count < way.Chunk && at + 1 < one.Steps.Length
                        && one.Steps[at + 1] is RandomStep.Publish next && next.Source == publish.Source)
                    {
                        continue;
                    }

                    await run.PublishAsync(publish.Source, [.. buffer]);
                    buffer.Clear();
                }
                else
                {
                    await run.ApplyAsync(one.Steps[at]);
                }

                await run.EndStepAsync();
            }

            return await run.EndAsync();
        }
    }

    public static StreamStep<Reading> StepOf(
        StreamCase one, CaseQuery[] queries, ExecutionMode mode, VirtualClock clock)
    {
        var events = StreamProcessorBuilder.For<Reading>().EventTime(reading => reading.Ticks)
            .Measure("first", reading => reading.First)
            .Measure("second", reading => reading.Second)
            .Measure("whole", reading => reading.Whole)
            .Key("text", reading => reading.Text)
            .Key("number", reading => reading.Number)
            .Key("letter", reading => reading.Letter)
            .Key("wide", reading => reading.Wide);
        var step = queries[0].AddTo(events, one.ProcessingTime);
        foreach (var query in queries.AsSpan(1))
            step = query.AddTo(step, one.ProcessingTime);
        if (one.ProcessingTime)
            step = step.InProcessingTime();
        return step.Watermarks(one.Watermarks).WithTimeProvider(clock).WithOptions(one.Options(mode) with
        {
            MaxKeys = one.MaxKeys,
            NonFinite = one.NonFinite,
            FutureSkewLimit = one.ProcessingTime ? null : StreamCase.Skew,
        });
    }

    public static CaseQuery[] QueriesOf(StreamCase one)
    {
        var queries = new CaseQuery[one.Queries.Length];
        for (var query = 0; query < queries.Length; query++)
            queries[query] = CaseQuery.Of(one.Queries[query], query);
        return queries;
    }

    private static DropReason TimeOf(StreamCase one, VirtualClock clock, ref Reading reading)
    {
        if (one.ProcessingTime)
        {
            reading = reading with { Ticks = clock.Ticks };
            return DropReason.None;
        }

        if (reading.Ticks is long.MinValue or long.MaxValue)
            return DropReason.TimestampOutOfRange;
        return reading.Ticks > clock.Ticks + StreamCase.Skew.Ticks ? DropReason.FutureSkew : DropReason.None;
    }

    private static string FiguresOf(
        ProcessorStats stats, long filtered, IReadOnlyDictionary<DropReason, long> refused)
    {
        var dropped = Enum.GetValues<DropReason>()
            .Select(reason => stats.DroppedBy(reason) + refused.GetValueOrDefault(reason));
        return $"filtered {filtered} processed {stats.EventsProcessed + refused.Values.Sum()} "
            + $"in no window {stats.EventsInNoWindow} late assignments {stats.LateDroppedAssignments} "
            + $"limit assignments {stats.WindowLimitDroppedAssignments} created {stats.WindowsCreated} "
            + $"fired {stats.WindowsFired} active {stats.ActiveWindows} evicted {stats.WindowsEvicted} "
            + $"emitted {stats.ResultsEmitted} retracted {stats.Retractions} watermark {stats.WatermarkTicks} "
            + $"regressions {stats.WatermarkRegressions} dropped {string.Join(' ', dropped)}";
    }

    /// <summary>A stream under way.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private static readonly Dictionary<DropReason, long> None = [];

        private readonly VirtualClock _clock = new() { Ticks = 0 };
        private readonly StreamCase _case;
        private readonly RunWay _way;
        private readonly CaseQuery[] _queries;
        private readonly StreamStep<Reading>[] _turns;
        private readonly SourceSet<EventPublisher<Reading>> _sources = new();
        private EventStream<Reading> _stream;
        private ExecutionMode _mode;
        private int _steps;

        public Running(StreamCase one, RunWay way)
        {
            _case = one;
            _way = way;
            _queries = QueriesOf(one);
            _mode = way.Mode;
            _turns = Array.ConvertAll(
                [way.Mode, way.Further ?? way.Mode], mode => StepOf(one, _queries, mode, _clock));
            _stream = _turns[0].Build();
            _stream.Start();
            _sources.Create = _stream.CreateEventPublisher;
        }

        /// <remarks>
        /// Disposing a source never waits: while the ring is full, the slot that says so comes once there is room, and
        /// so after events that were published later. Until then its watermark counts, and a source of its name that is
        /// new counts beside it. Where a ring has threads behind it, that depends on how far they are; so there is
        /// always room here, and the slot lies where the step is. All else waits for room, and is where it was put.
        /// </remarks>
        public async Task ApplyAsync(RandomStep step)
        {
            if (step is RandomStep.Remove && _mode != ExecutionMode.Inline)
                await _stream.FlushAsync();
            if (step is RandomStep.Clock time)
                _clock.Ticks += time.Ticks;
            if (!_sources.TryApply(step))
                _stream.Advance();
        }

        public async Task PublishAsync(int source, Reading[] events)
        {
            var publisher = _sources.Of(source);
            switch (_way.Way)
            {
                case PublishWay.Span:
                    publisher.Publish(events);
                    return;
                case PublishWay.AsyncMemory:
                    await publisher.PublishAsync(events.AsMemory());
                    return;
                case PublishWay.TrySpan:
                    for (var done = 0; done < events.Length; done += publisher.TryPublish(events.AsSpan(done)))
                        await Task.Yield();
                    return;
                default:
                    foreach (var one in events)
                        await PublishAsync(publisher, one);
                    return;
            }
        }

        public async Task EndStepAsync()
        {
            if (_way.StepsPerRestart > 0 && ++_steps % _way.StepsPerRestart == 0)
                await RestartAsync();
        }

        public async Task<List<string>[]> EndAsync()
        {
            if (_case.Ends)
                await _stream.StopAsync(StopMode.Complete);
            else
                await _stream.FlushAsync();
            return Array.ConvertAll(_queries, query =>
            {
                var stats = query.StatsIn(_stream);
                return (List<string>)
                    [.. query.Lines, .. query.Drops, FiguresOf(stats, stats.EventsFiltered, None)];
            });
        }

        public ValueTask DisposeAsync() => _stream.DisposeAsync();

        private async Task RestartAsync()
        {
            using var state = new MemoryStream();
            await _stream.SaveStateAsync(state);
            await _stream.DisposeAsync();
            state.Position = 0;
            var turn = _steps / _way.StepsPerRestart % _turns.Length;
            _mode = turn == 0 ? _way.Mode : _way.Further ?? _way.Mode;
            _stream = _turns[turn].Load(state);
            _stream.Start();
            _sources.Create = _stream.CreateEventPublisher;
            _sources.Resume();
        }

        private async Task PublishAsync(EventPublisher<Reading> publisher, Reading one)
        {
            if (_way.Way == PublishWay.AsyncSingle)
            {
                await publisher.PublishAsync(one);
            }
            else if (_way.Way == PublishWay.TrySingle)
            {
                while (!publisher.TryPublish(one))
                    await Task.Yield();
            }
            else
            {
                publisher.Publish(one);
            }
        }
    }
}
