using DisruptorStream.Durability;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Simulation.Disks;
using DisruptorStream.Simulation.Processors;
using DisruptorStream.Simulation.Sinks;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.Simulation.Rounds;

/// <summary>
/// A whole processor with journal, snapshots and sinks on one thread, on a disk with faults, through crashes anywhere:
/// what came out of it is what comes out of one that never ends.
/// </summary>
internal sealed class ProcessorRound
{
    private const string Folder = "/state";
    private const int Steps = 220;
    private const int MostLives = 14;

    private readonly Random _random;
    private readonly SimulatedDisk _disk;
    private readonly SimulatedStep[] _steps;
    private readonly SimulatedStream _stream;
    private readonly SimulatedTarget _target = new();
    private readonly List<Done> _done = [];
    private readonly DurableSettings _settings;
    private readonly bool _damages;
    private Exception? _last;
    private bool _isDamaged;
    private bool _isLastLife;
    private int _lives;
    private long _durable = -1;

    private ProcessorRound(int seed, SinkFault fault)
    {
        var kills = new Random(~seed);
        _random = new Random(seed);
        var shape = new SimulatedShape(_random);
        _stream = new SimulatedStream(shape)
        {
            NewSink = () => new SimulatedSink(_target, fault, _isLastLife ? null : kills),
        };
        _steps = SimulatedSteps.Generate(_random, Steps, shape);
        _disk = new SimulatedDisk(seed);
        _damages = _random.Next(5) == 0;
        _settings = new DurableSettings(Folder, new DurabilityOptions
        {
            Mode = _random.Next(2) == 0 ? DurabilityMode.Async : DurabilityMode.Sync,
            SegmentBytes = 1 << _random.Next(11, 15),
            SnapshotsKept = _random.Next(1, 4),
            Snapshots = seed % 3 == 0 ? SnapshotMethod.Copy : SnapshotMethod.Shadow,
        })
        {
            Files = _disk,
            IsByHand = true,
            SaltSeed = (ulong)seed + 1,
        };
        _disk.Faults.WriteErrorChance = _random.Next(4) == 0 ? 0.01 : 0;
        _disk.Faults.ShortWriteChance = _random.Next(4) == 0 ? 0.01 : 0;
        _disk.Faults.SyncErrorChance = _random.Next(4) == 0 ? 0.01 : 0;
    }

    /// <summary>Runs a round.</summary>
    /// <param name="seed">Decides all that chance decides.</param>
    /// <param name="fault">What its durable sink does wrong.</param>
    /// <exception cref="RoundException">A result was lost, doubled or wrong.</exception>
    public static void Run(int seed, SinkFault fault = SinkFault.None)
    {
        var expected = Uninterrupted(seed);
        var round = new ProcessorRound(seed, fault);
        if (!round.RunToEnd())
            return;
        round._stream.ThrowUnlessDense();
        var actual = round._stream.Lines().ToList();
        for (var line = 0; line < Math.Max(expected.Count, actual.Count); line++)
        {
            var (wanted, found) = (expected.ElementAtOrDefault(line), actual.ElementAtOrDefault(line));
            RoundException.ThrowUnless(
                wanted == found, $"Line {line} of {expected.Count}, {actual.Count}: '{found}' in place of '{wanted}'.");
        }

        round.ThrowUnlessHeld(round._stream.Tenants.ByNumber);
    }

    /// <summary>
    /// The target of the durable sink has each result once, in their order: as the processes have given them. That is
    /// not always the order of a run without an end: which number a key has depends on when one before it has gone.
    /// </summary>
    private void ThrowUnlessHeld(IReadOnlyList<(long Number, string Line)> rows)
    {
        for (var row = 0; row < Math.Max(rows.Count, _target.Rows.Count); row++)
        {
            var (wanted, found) = (rows.ElementAtOrDefault(row), _target.Rows.ElementAtOrDefault(row));
            RoundException.ThrowUnless(
                wanted == found,
                $"Row {row} of {rows.Count} of the durable sink, which has {_target.Rows.Count}, is '{found}' in place "
                + $"of '{wanted}'.");
        }
    }

    private static List<string> Uninterrupted(int seed)
    {
        var random = new Random(seed);
        var shape = new SimulatedShape(random);
        var stream = new SimulatedStream(shape);
        stream.Build(durable: null, []);
        foreach (var step in SimulatedSteps.Generate(random, Steps, shape))
        {
            stream.Opens(step);
            stream.Apply(step);
        }

        stream.Stream.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
        return [.. stream.Lines()];
    }

    /// <summary>
    /// False where damage was found and refused, or where it hit the last frames, of which none behind them says yet
    /// that they were durable: these look like what a crash has torn. Then there is nothing to compare.
    /// </summary>
    private bool RunToEnd()
    {
        while (true)
        {
            try
            {
                if (!TryBuild())
                    return false;
                RunSteps();
                _stream.Stream.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
                return true;
            }
            catch (DurabilityException ended) when (ended.Message.Contains("has ended", StringComparison.Ordinal))
            {
                // The last process ended in its end: this one has handed out what was left.
                return true;
            }
            catch (Exception exception) when (IsCrash(exception))
            {
                _last = exception;
                Crash();
            }
        }
    }

    /// <summary>Builds it where the last process ended; returns false where damage is refused.</summary>
    private bool TryBuild()
    {
        var isLast = _isLastLife = ++_lives > MostLives;
        RoundException.ThrowUnless(_lives <= MostLives + 2, $"It ends again and again: {_last}");
        if (isLast)
            _disk.Faults.Clear();
        else
            _disk.CrashAt(_disk.Operations + _random.Next(1, 400), (CrashMoment)_random.Next(3));
        _isDamaged |= _damages && _lives == 4 && TryDamage();
        try
        {
            // The sources and the clock are as they were when the last slot that is there was published.
            var journal = JournalContents.Open(_disk, Folder);
            if (_isDamaged && journal.LastSequence < _durable && journal.LastSequence >= journal.DurableTo)
                return false;
            Keep(journal.LastSequence);
            var at = _done.Count == 0 ? Done.Nothing : _done[^1];
            _stream.Clock.Ticks = at.ClockTicks;
            _stream.Build(_settings, at.Open);
            return true;
        }
        catch (Exception refused) when (_isDamaged && refused is (DurabilityException or JournalException))
        {
            return false;
        }
    }

    /// <summary>What was done in slots that are lost was not done.</summary>
    private void Keep(long last)
    {
        RoundException.ThrowUnless(
            last >= _durable, $"The journal ends with slot {last}, and slot {_durable} was durable.");
        while (_done.Count > 0 && _done[^1].Slot > last)
            _done.RemoveAt(_done.Count - 1);
    }

    private void RunSteps()
    {
        var at = _done.Count == 0 ? Done.Nothing : _done[^1];
        var (step, events) = at.IsWhole ? (at.Step + 1, 0) : (at.Step, at.Events);
        for (; step < _steps.Length; step++, events = 0)
        {
            Run(step, events);

            // Who disposes a source is not told that the disk failed meanwhile.
            _stream.ThrowIfFailed();
            DoBeside();
            _durable = Math.Max(_durable, _stream.Session.Progress.Durable);
        }
    }

    private void Run(int index, int skipped)
    {
        var step = _steps[index];
        var opening = _stream.Cursor + 1;
        if (_stream.Opens(step))
            _done.Add(new Done(opening, index, 0, IsWhole: false, _stream.Clock.Ticks, _stream.Open));
        var first = _stream.Cursor + 1;
        var events = step is SimulatedStep.Publish publish ? publish.Events.Length : 1;
        var clockTicks = _stream.Clock.Ticks + (step is SimulatedStep.Clock clock ? clock.Ticks : 0);
        var open = step is SimulatedStep.Remove remove
            ? Array.FindAll(_stream.Open, source => source != remove.Source)
            : _stream.Open;

        // Before the call, in which the process may end.
        for (var done = skipped; done < events; done++)
            _done.Add(new Done(first + done - skipped, index, done + 1, done + 1 == events, clockTicks, open));
        _stream.Apply(step, skipped);
    }

    /// <summary>What threads do beside the engine.</summary>
    private void DoBeside()
    {
        switch (_random.Next(12))
        {
            case 0:
                _stream.Session.SyncNow();
                break;
            case 1:
                while (_stream.Session.Follow())
                {
                }

                break;
            case 2:
                _stream.Session.Save();
                break;
            case 3:
                _stream.Session.MakeSpare();
                break;
            case < 8 when _settings.Options.Snapshots == SnapshotMethod.Copy:
                // Each call goes on with the copy by a step: events come between two of them.
                _stream.Session.Save();
                break;
        }
    }

    private void Crash()
    {
        if (_random.Next(2) == 0)
            _disk.Crash(_random);
        else
            _disk.CrashProcess();
        _stream.Abandon();
    }

    private bool TryDamage()
    {
        var paths = _disk.Paths();
        if (paths.Count == 0)
            return false;
        var path = paths[_random.Next(paths.Count)];
        var length = _disk.BytesOf(path).Length;
        if (length == 0)
            return false;
        _disk.Flip(path, _random.NextInt64(8L * length));
        return true;
    }

    /// <summary>
    /// Whether it is what a process does not outlive here: the machine, the disk, or a stage that they failed.
    /// </summary>
    private static bool IsCrash(Exception exception) => exception switch
    {
        SimulatedCrashException or IOException or JournalException or ObjectDisposedException => true,
        StreamProcessorException => true,
        _ => exception.InnerException is { } inner && IsCrash(inner),
    };

    /// <summary>A slot that was published, and what was done by then.</summary>
    private sealed record Done(long Slot, int Step, int Events, bool IsWhole, long ClockTicks, int[] Open)
    {
        public static Done Nothing { get; } = new(-1, -1, 0, IsWhole: true, 0, []);
    }
}
