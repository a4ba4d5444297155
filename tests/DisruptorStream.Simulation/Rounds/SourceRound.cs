using DisruptorStream.Durability;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Simulation.Disks;
using DisruptorStream.Simulation.Processors;
using DisruptorStream.Simulation.Sources;
using DisruptorStream.Sources.Reading;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.Simulation.Rounds;

/// <summary>
/// A stream that reads sources which seek, on a disk with faults, through crashes anywhere: each event of each source
/// is in once.
/// </summary>
internal sealed class SourceRound
{
    private const int MostLives = 14;
    private const int MostSteps = 4_000;

    private readonly Random _random;
    private readonly SimulatedDisk _disk;
    private readonly SimulatedEvent[][] _events;
    private readonly DurableSettings _settings;
    private readonly ReadStream _stream = new();
    private readonly double _failureChance;
    private readonly bool _isOrder;
    private int _lives;

    private SourceRound(int seed)
    {
        _random = new Random(seed);
        _isOrder = seed % 2 == 1;
        _events = new SimulatedEvent[_random.Next(1, 4)][];
        for (var source = 0; source < _events.Length; source++)
            _events[source] = EventsOf(_random, _isOrder ? 400 : 20);
        _failureChance = _random.Next(2) * 0.05;
        _disk = new SimulatedDisk(seed);
        _settings = new DurableSettings("/state", new DurabilityOptions
        {
            Mode = _random.Next(2) == 0 ? DurabilityMode.Async : DurabilityMode.Sync,
            SegmentBytes = 1 << _random.Next(11, 15),
            SnapshotsKept = _random.Next(1, 4),
            Snapshots = _isOrder || seed % 3 == 0 ? SnapshotMethod.Copy : SnapshotMethod.Shadow,
        })
        {
            Files = _disk,
            IsByHand = true,
            SaltSeed = (ulong)seed + 1,
        };
        _disk.Faults.WriteErrorChance = _random.Next(4) == 0 ? 0.01 : 0;
        _disk.Faults.SyncErrorChance = _random.Next(4) == 0 ? 0.01 : 0;
    }

    /// <summary>Runs a round.</summary>
    /// <param name="seed">Decides all that chance decides.</param>
    /// <returns>How many results there were.</returns>
    /// <exception cref="RoundException">An event was lost, or is in twice.</exception>
    public static int Run(int seed)
    {
        var round = new SourceRound(seed);
        var expected = round.Expected();
        round.RunToEnd();
        round._stream.ThrowUnlessDense();
        var actual = round._stream.Lines;
        for (var line = 0; line < Math.Max(expected.Count, actual.Count); line++)
        {
            var (wanted, found) = (expected.ElementAtOrDefault(line), actual.ElementAtOrDefault(line));
            RoundException.ThrowUnless(
                wanted == found, $"Line {line} of {expected.Count}, {actual.Count}: '{found}' in place of '{wanted}'.");
        }

        return actual.Count;
    }

    /// <param name="random">Decides.</param>
    /// <param name="nulls">One of so many has no tenant.</param>
    private static SimulatedEvent[] EventsOf(Random random, int nulls)
    {
        var events = new SimulatedEvent[random.Next(20, 400)];
        var time = 0L;
        for (var index = 0; index < events.Length; index++)
        {
            time += random.Next(4);
            var cost = random.Next(40) == 0 ? ReadStream.BadCost : random.Next(-50, 50);
            var tenant = random.Next(nulls) == 0 ? null : $"tenant-{random.Next(5)}";
            events[index] = new SimulatedEvent(time - random.Next(ReadStream.Disorder), tenant, random.Next(6), cost);
        }

        return events;
    }

    /// <summary>What comes out of one that never ends.</summary>
    private List<string> Expected()
    {
        var whole = new ReadStream();
        var sources = Array.ConvertAll(_events, events => new SimulatedSource(events, new Random(1), 0));
        var pumps = whole.Build(null, sources, batchEvents: 64);
        foreach (var pump in pumps)
        {
            while (Step(pump))
            {
            }
        }

        whole.Stream.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
        return whole.Lines;
    }

    private void RunToEnd()
    {
        while (true)
        {
            try
            {
                Build(out var pumps);
                ReadAll(pumps);
                _stream.Stream.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
                return;
            }
            catch (DurabilityException ended) when (ended.Message.Contains("has ended", StringComparison.Ordinal))
            {
                return;
            }
            catch (Exception exception) when (IsCrash(exception))
            {
                RoundException.ThrowUnless(_lives <= MostLives + 2, $"It ends again and again: {exception}");
                Crash();
            }
        }
    }

    private void Build(out SeekablePump<SimulatedEvent>[] pumps)
    {
        if (++_lives > MostLives)
            _disk.Faults.Clear();
        else
            _disk.CrashAt(_disk.Operations + _random.Next(1, 300), (CrashMoment)_random.Next(3));
        var sources = NewSources(_failureChance);

        // A recovery cannot go on without a source, and is tried again by the next life.
        pumps = _isOrder
            ? _stream.Build(_settings, sources, _random.Next(20, 90), NewSources(_failureChance / 50))
            : _stream.Build(_settings, sources, _random.Next(1, 40));
    }

    private SimulatedSource[] NewSources(double failureChance) => Array.ConvertAll(
        _events, events => new SimulatedSource(events, _random, failureChance, _isOrder ? 80 : 12));

    private void ReadAll(SeekablePump<SimulatedEvent>[] pumps)
    {
        var open = new List<SeekablePump<SimulatedEvent>>(pumps);
        for (var step = 0; open.Count > 0; step++)
        {
            RoundException.ThrowUnless(step < MostSteps, "The sources have no end.");
            var pump = open[_random.Next(open.Count)];
            if (!Step(pump))
                open.Remove(pump);
            _stream.Stream.Parts.RuntimeParts.Fault.ThrowIfFaulted();
            DoBeside();
        }
    }

    /// <summary>A step of a reader, as its own loop does it. False where the source has ended.</summary>
    private static bool Step(SeekablePump<SimulatedEvent> pump)
    {
        try
        {
            return pump.StepAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
        catch (SimulatedSourceException)
        {
            pump.CloseAsync().AsTask().GetAwaiter().GetResult();
            return true;
        }
    }

    private void DoBeside()
    {
        switch (_random.Next(10))
        {
            case 0:
                _stream.Session.SyncNow();
                break;
            case 1:
                while (_stream.Session.Follow())
                {
                }

                break;
            case < 4:
                _stream.Session.Save();
                break;
            case 4:
                _stream.Session.MakeSpare();
                break;
            case 5:
                // Which results have arrived is told from time to time.
                _stream.Clock.Ticks += _random.Next(1, 3_000_000);
                _stream.Stream.Advance();
                break;
        }
    }

    private void Crash()
    {
        // Where results do not wait for the disk, a power cut may give other ones the numbers of those that were out.
        if (_settings.Options.Mode == DurabilityMode.Sync && _random.Next(2) == 0)
            _disk.Crash(_random);
        else
            _disk.CrashProcess();
        _stream.Abandon();
    }

    private static bool IsCrash(Exception exception) => exception switch
    {
        RoundException => false,
        SimulatedCrashException or IOException or JournalException or ObjectDisposedException => true,
        StreamProcessorException => true,
        _ => exception.InnerException is { } inner && IsCrash(inner),
    };
}
