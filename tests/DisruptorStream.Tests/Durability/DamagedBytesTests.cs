using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Simulation.Disks;
using DisruptorStream.Simulation.Processors;
using DisruptorStream.Streams;
using DisruptorStream.Testing;
using DisruptorStream.Tests.Saving;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.Tests.Durability;

/// <summary>
/// Each byte of a stream's journal and snapshots is changed in turn, and each file cut at each of its lengths: the next
/// process refuses it, or goes on with the results of a stream that nothing happened to.
/// </summary>
/// <remarks>
/// Here some of the bytes are, as far apart as the variable DISRUPTORSTREAM_DAMAGE_STRIDE says; 1 is all of them.
/// </remarks>
public sealed class DamagedBytesTests
{
    private const string Folder = "/state";
    private const int Events = 28;
    private const int EventsBefore = 20;
    private const int UsualStride = 43;

    private static readonly int Stride = DamageStride.Or(UsualStride);

    private readonly byte[][] _files;
    private readonly string[] _paths;
    private readonly SortedDictionary<string, string> _handedOut;
    private readonly SortedDictionary<string, string> _expected;
    private readonly ConcurrentBag<string> _wrong = [];
    private int _refused;
    private int _harmless;

    public DamagedBytesTests()
    {
        var whole = new Results();
        var stream = Build(null, whole);
        Publish(stream.CreateEventPublisher("one"), 0, Events);
        stream.StopAsync(StopMode.Complete, CancellationToken.None).GetAwaiter().GetResult();
        Dispose(stream);
        _expected = whole.Lines;

        var (disk, results) = (new SimulatedDisk(), new Results());
        var ended = Build(disk, results);
        var publisher = ended.CreateEventPublisher("one");
        Publish(publisher, 0, EventsBefore / 2);
        var session = ended.Parts.Durable!;
        session.SyncNow();
        while (session.Follow())
        {
        }

        session.Save();
        Publish(publisher, EventsBefore / 2, EventsBefore);
        session.SyncNow();
        disk.CrashProcess();
        Dispose(ended);
        _paths = [.. disk.Paths().Where(path => Path.GetFileName(path) != "lock")];
        _files = Array.ConvertAll(_paths, disk.BytesOf);
        _handedOut = results.Lines;
    }

    /// <summary>What is damaged has all that there is: several queries, a snapshot, frames of both encodings.</summary>
    [Fact]
    public void Files_OfTheRun_HaveEachKindOfContent()
    {
        Assert.Contains(_paths, path => path.EndsWith(".state", StringComparison.Ordinal));
        var encodings = new HashSet<FrameEncoding>();
        for (var file = 0; file < _files.Length; file++)
        {
            if (!_paths[file].EndsWith(JournalFormat.SegmentExtension, StringComparison.Ordinal))
                continue;
            var at = JournalFormat.SegmentHeaderBytes;
            while (at + JournalFormat.FrameHeaderBytes <= _files[file].Length)
            {
                var frame = MemoryMarshal.Read<FrameHeader>(_files[file].AsSpan(at));
                if (frame.Length == 0)
                    break;
                if (frame.Kind == FrameKind.Slots)
                    encodings.Add(frame.Encoding);
                at += (int)frame.Length;
            }
        }

        Assert.Equal(2, encodings.Count);
        Assert.Equal("", ProblemWith(_files));
        Assert.Equal(0, _refused);
    }

    [Fact]
    public void Build_AnyByteFlipped_IsRefusedOrHarmless()
    {
        for (var file = 0; file < _files.Length; file++)
        {
            var at = file;
            Parallel.ForEach(PlacesIn(at), index => Try($"{_paths[at]}, byte {index}", at, bytes =>
            {
                bytes[index] ^= (byte)(1 << (index % 8));
                return bytes;
            }));
        }

        CheckCounts();
    }

    [Fact]
    public void Build_AnyTruncation_IsRefusedOrHarmless()
    {
        for (var file = 0; file < _files.Length; file++)
        {
            var at = file;
            Parallel.ForEach(
                PlacesIn(at), length => Try($"{_paths[at]} of {length} bytes", at, bytes => bytes[..length]));
        }

        CheckCounts();
    }

    /// <summary>Places in what was written; of the zeros behind it, where nothing is yet, fewer.</summary>
    private IEnumerable<int> PlacesIn(int file)
    {
        var written = _files[file].AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        return Enumerable.Range(0, _files[file].Length)
            .Where(place => place % Stride == file % Stride && (place <= written || place % (16 * Stride) == file));
    }

    private void CheckCounts()
    {
        Assert.Empty(_wrong);
        Assert.True(_refused > 500 / Stride && _harmless > 50 / Stride, $"{_refused} refused, {_harmless} harmless");
    }

    private void Try(string what, int file, Func<byte[], byte[]> damage)
    {
        var files = (byte[][])_files.Clone();
        files[file] = damage((byte[])files[file].Clone());
        if (ProblemWith(files) is { Length: > 0 } problem)
            _wrong.Add($"{what}: {problem}");
    }

    /// <summary>What is wrong with what a process makes of the files; empty where it refuses them too.</summary>
    private string ProblemWith(byte[][] files)
    {
        var (disk, results) = (new SimulatedDisk(), new Results());
        disk.CreateDirectory(Folder);
        for (var file = 0; file < files.Length; file++)
            disk.Put(_paths[file], files[file]);
        foreach (var (number, line) in _handedOut)
            results.Lines.Add(number, line);
        EventStream<SimulatedEvent>? stream = null;
        try
        {
            stream = Build(disk, results);

            // Slots that nobody called durable may be gone: who published them publishes them again.
            Publish(stream.CreateEventPublisher("one"), (int)stream.GetStats().EventsProcessed, Events);
            stream.StopAsync(StopMode.Complete, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception refused) when (refused is DurabilityException or JournalException)
        {
            Interlocked.Increment(ref _refused);
            return "";
        }
        catch (Exception unexpected)
        {
            return unexpected.ToString();
        }
        finally
        {
            Dispose(stream);
        }

        Interlocked.Increment(ref _harmless);
        return results.Problem ?? (results.Lines.SequenceEqual(_expected) ? "" : "The results are wrong.");
    }

    private static void Dispose(EventStream<SimulatedEvent>? stream)
    {
        try
        {
            stream?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (StreamProcessorException)
        {
            // Its disk is gone.
        }
    }

    private static void Publish(EventPublisher<SimulatedEvent> publisher, int first, int end)
    {
        for (var at = first; at < end;)
        {
            // Some alone, which are written as they lie, and some together, which are packed.
            var count = at % 10 == 0 ? Math.Min(8, end - at) : 1;
            publisher.Publish(Enumerable.Range(at, count).Select(EventOf).ToArray());
            at += count;
        }
    }

    private static SimulatedEvent EventOf(int number) =>
        new((number * 5) - (number * 7 % 11), $"tenant-{number % 3}", number % 4, number * 13 % 17);

    private static EventStream<SimulatedEvent> Build(SimulatedDisk? disk, Results results)
    {
        var step = StreamProcessorBuilder.For<SimulatedEvent>()
            .EventTime(one => one.Ticks)
            .Measure("cost", one => one.Cost)
            .Key("tenant", one => one.Tenant)
            .Key("user", one => one.User)
            .Query("tenants", query => query.By("tenant")
                .SlidingWindows(TimeSpan.FromTicks(40), TimeSpan.FromTicks(20))
                .Aggregate(a => a.Count("count").Sum("cost")).To(new Numbered<string>("tenants", results)))
            .Query("pairs", query => query.By<string, int>("tenant", "user").SessionWindows(TimeSpan.FromTicks(30))
                .Aggregate(a => a.Max("cost")).To(new Numbered<(string, int)>("pairs", results)))
            .Query("users", query => query.By<int>("user").TumblingWindows(TimeSpan.FromTicks(50))
                .Aggregate(a => a.Count("count")).To(new Numbered<int>("users", results)))
            .Watermarks(new() { MaxOutOfOrderness = TimeSpan.FromTicks(12), AdvanceWhenQuiet = null })
            .WithTimeProvider(new VirtualClock())
            .WithOptions(new StreamProcessorOptions
            {
                Mode = ExecutionMode.Inline,
                FutureSkewLimit = null,
                RingCapacity = 64,
                MaxKeys = 16,
                ShutdownTimeout = TimeSpan.FromMinutes(5),
            });
        return (disk is null ? step : step.DurableIn(new DurableSettings(
            Folder, new DurabilityOptions { SegmentBytes = 1 << 10, SnapshotsKept = 1 })
        {
            Files = disk,
            IsByHand = true,
            SaltSeed = 1,
        })).Build();
    }

    /// <summary>What somebody outside holds, by query and number.</summary>
    private sealed class Results
    {
        public SortedDictionary<string, string> Lines { get; } = new(StringComparer.Ordinal);

        public string? Problem { get; private set; }

        public void Add(string number, string line)
        {
            if (!Lines.TryAdd(number, line) && Lines[number] != line)
                Problem ??= $"{number} was '{Lines[number]}', and is '{line}'.";
        }
    }

    private sealed class Numbered<TKey> : IResultSink<TKey>
        where TKey : notnull
    {
        private readonly string _query;
        private readonly Results _results;

        public Numbered(string query, Results results) => (_query, _results) = (query, results);

        public void OnResults(ResultBatch<TKey> batch)
        {
            foreach (var result in batch)
            {
                _results.Add(
                    $"{_query} {result.Number:D9}",
                    $"{result.Key} {result.Window.StartTicks} {result.Window.EndTicks} {result.PaneIndex} "
                    + string.Join(' ', result.RawValues.ToArray()));
            }
        }
    }
}
