using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Simulation.Disks;
using DisruptorStream.Simulation.Processors;
using DisruptorStream.Simulation.Sources;
using DisruptorStream.Sources.Reading;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.Tests.Sources;

/// <summary>
/// A stream reads two sources and ends anywhere; each byte of its journal is changed in turn, and each file cut at each
/// of its lengths: the next process refuses that, or comes to the results of one that never ended. With the events in
/// the journal, and with their order alone.
/// </summary>
public sealed class OrderDamageTests
{
    private const string Folder = "/state";
    private const int Stride = 41;
    private const int EventsPerSource = 400;

    private readonly SimulatedEvent[][] _events = [EventsOf(1), EventsOf(2)];
    private readonly List<string> _expected;
    private readonly ConcurrentBag<string> _wrong = [];
    private int _refused;
    private int _harmless;

    public OrderDamageTests()
    {
        var whole = new ReadStream();
        ReadToEnd(whole.Build(null, NewSources(), batchEvents: 64));
        whole.Stream.StopAsync(StopMode.Complete, CancellationToken.None).GetAwaiter().GetResult();
        _expected = whole.Lines;
        whole.Abandon();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Build_AnyByteFlippedOrFileCut_IsRefusedOrComesToTheSameResults(bool isOrder)
    {
        var (paths, files) = Run(isOrder);
        Assert.Equal(isOrder, CountOf(FrameKind.Order, paths, files) > 2);
        Try("as it was", isOrder, paths, files);
        Assert.Equal(1, _harmless);
        for (var file = 0; file < files.Length; file++)
        {
            var at = file;
            var written = files[file].AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
            Parallel.For(0, (written / Stride) + 1, step =>
            {
                var place = Math.Min((step * Stride) + (at % Stride), files[at].Length - 1);
                var flipped = (byte[])files[at].Clone();
                flipped[place] ^= (byte)(1 << (place % 8));
                Try($"{paths[at]}, byte {place}", isOrder, paths, With(files, at, flipped));
                Try($"{paths[at]} of {place} bytes", isOrder, paths, With(files, at, files[at][..place]));
            });
        }

        Assert.Empty(_wrong);
        Assert.True(_refused > 5 && _harmless > 5, $"{_refused} refused, {_harmless} harmless");
    }

    private static byte[][] With(byte[][] files, int at, byte[] changed)
    {
        var all = (byte[][])files.Clone();
        all[at] = changed;
        return all;
    }

    private static int CountOf(FrameKind kind, string[] paths, byte[][] files)
    {
        var count = 0;
        for (var file = 0; file < files.Length; file++)
        {
            if (!paths[file].EndsWith(JournalFormat.SegmentExtension, StringComparison.Ordinal))
                continue;
            for (var at = JournalFormat.SegmentHeaderBytes; at + JournalFormat.FrameHeaderBytes <= files[file].Length;)
            {
                var frame = MemoryMarshal.Read<FrameHeader>(files[file].AsSpan(at));
                if (frame.Length == 0)
                    break;
                count += frame.Kind == kind ? 1 : 0;
                at += (int)frame.Length;
            }
        }

        return count;
    }

    private static SimulatedEvent[] EventsOf(int seed)
    {
        var random = new Random(seed);
        var events = new SimulatedEvent[EventsPerSource];
        for (var index = 0; index < events.Length; index++)
        {
            events[index] = new SimulatedEvent(
                (index * 2) - random.Next(ReadStream.Disorder),
                index % 150 == 149 ? null : $"tenant-{random.Next(5)}",
                random.Next(6),
                index % 90 == 89 ? ReadStream.BadCost : random.Next(-50, 50));
        }

        return events;
    }

    private static DurableSettings SettingsOn(SimulatedDisk disk) =>
        new(Folder, new DurabilityOptions { SegmentBytes = 1 << 12, Snapshots = SnapshotMethod.Copy })
        {
            Files = disk,
            IsByHand = true,
            SaltSeed = 1,
        };

    private static void ReadToEnd(SeekablePump<SimulatedEvent>[] pumps)
    {
        var more = true;
        for (var step = 0; more; step++)
        {
            Assert.True(step < 10_000, "The sources have no end.");
            more = false;
            foreach (var pump in pumps)
                more |= Step(pump);
        }
    }

    private static bool Step(SeekablePump<SimulatedEvent> pump) =>
        pump.StepAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

    private SimulatedSource[] NewSources() =>
        Array.ConvertAll(_events, events => new SimulatedSource(events, new Random(7), 0, mostAtOnce: 70));

    /// <summary>The files of a process that ended in the middle, with some of it durable.</summary>
    private (string[] Paths, byte[][] Files) Run(bool isOrder)
    {
        var (disk, stream) = (new SimulatedDisk(), new ReadStream());
        var pumps = stream.Build(
            SettingsOn(disk), NewSources(), batchEvents: 50, recovered: isOrder ? NewSources() : null);
        for (var step = 0; step < 12; step++)
        {
            Step(pumps[step % 2]);
            if (step == 3)
                stream.Session.SyncNow();
        }

        disk.CrashProcess();
        stream.Abandon();
        string[] paths = [.. disk.Paths().Where(path => Path.GetFileName(path) != "lock")];
        return (paths, Array.ConvertAll(paths, disk.BytesOf));
    }

    private void Try(string what, bool isOrder, string[] paths, byte[][] files)
    {
        var (disk, stream) = (new SimulatedDisk(), new ReadStream());
        disk.CreateDirectory(Folder);
        for (var file = 0; file < files.Length; file++)
            disk.Put(paths[file], files[file]);
        try
        {
            ReadToEnd(stream.Build(
                SettingsOn(disk), NewSources(), batchEvents: 40, recovered: isOrder ? NewSources() : null));
            stream.Stream.StopAsync(StopMode.Complete, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception refused) when (refused is DurabilityException or JournalException)
        {
            Interlocked.Increment(ref _refused);
            return;
        }
        catch (Exception unexpected)
        {
            _wrong.Add($"{what}: {unexpected}");
            return;
        }
        finally
        {
            stream.Abandon();
        }

        Interlocked.Increment(ref _harmless);
        if (!stream.Lines.SequenceEqual(_expected))
            _wrong.Add($"{what}: the results are wrong.");
    }
}
