using System.Runtime.InteropServices;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Accumulators;
using DisruptorStream.State.Accumulators.Sketches.Weights;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Translation;

/// <summary>
/// Reads records that were saved by other accumulators: what both have is taken over, what is new stays as it is before
/// any event, and what is no longer asked for is read and forgotten.
/// </summary>
/// <remarks>One thread; for the time of a start.</remarks>
internal sealed unsafe class RecordTranslation : IDisposable
{
    private readonly RecordedQuery _saved;
    private readonly FailureMarks? _marks;
    private readonly FailureLog _forgotten = new();
    private readonly BlockPool _blocks = new();
    private readonly Accumulator?[] _targets;
    private readonly Accumulator?[] _again;
    private readonly List<(Accumulator Count, int Saved)> _counts = [];
    private readonly byte[] _bytes;
    private readonly byte[] _scratch;

    /// <param name="saved">What the saved records consist of.</param>
    /// <param name="accumulators">What the records consist of now, each in its place.</param>
    /// <param name="marks">Where a record says that it has failed; null where none can.</param>
    /// <exception cref="StateException">Something that was saved cannot be read any more.</exception>
    public RecordTranslation(RecordedQuery saved, IReadOnlyList<Accumulator> accumulators, FailureMarks? marks)
    {
        _saved = saved;
        _marks = marks;
        _targets = new Accumulator?[saved.Accumulators.Count];
        _again = new Accumulator?[_targets.Length];
        foreach (var accumulator in accumulators)
            Place(accumulator);
        var context = new AccumulatorContext(
            NonFinitePolicy.RejectEvent, new FailureMarks(_forgotten), new NegativeWeights(), _blocks);
        var scratchBytes = 0;
        for (var place = 0; place < _targets.Length; place++)
        {
            if (!NeedsReading(place))
                continue;
            _again[place] = saved.Accumulators[place].Form is { } form ? SavedAccumulators.Make(form, context) : null;
            if (_again[place] is not { } again || again.SizeBytes != saved.Accumulators[place].SizeBytes)
            {
                throw new StateException(
                    $"The accumulator {saved.Accumulators[place].Text} of the query '{saved.Name}' was saved in a way "
                    + "that this release does not read; start it with the release that saved it, as it was.");
            }

            scratchBytes = Math.Max(scratchBytes, again.SizeBytes);
        }

        // Vectors lie on a boundary of 32 bytes, as they do in a record.
        _bytes = GC.AllocateArray<byte>(saved.RecordBytes + Alignment, pinned: true);
        _scratch = GC.AllocateArray<byte>(scratchBytes + Alignment, pinned: true);
    }

    /// <summary>Whether the saved records are their bytes, one behind the other.</summary>
    public bool IsPlain => _saved.IsPlain;

    /// <summary>Records whose failures are forgotten, as nothing that can fail is left of them.</summary>
    public long ForgottenFailures { get; private set; }

    private static int Alignment => 32;

    /// <summary>Makes a record of no event what was saved.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, byte* record)
    {
        var bytes = Aligned(_bytes);
        if (!_saved.HasBlocks)
            reader.ReadBytes(new Span<byte>(bytes, _saved.MarksOffset >= 0 ? _saved.MarksOffset : _saved.RecordBytes));
        for (var place = 0; place < _targets.Length; place++)
            LoadOne(reader, place, bytes, record);
        foreach (var (count, saved) in _counts)
            *(long*)(record + count.Offset) = CountOf(saved, bytes);
        if (_saved.MarksOffset < 0)
            return;
        if (_marks is not null)
            _marks.Load(reader, record);
        else if (_forgotten.Load(reader) >= 0)
            ForgottenFailures++;
    }

    public void Dispose() => _blocks.Dispose();

    private static byte* Aligned(byte[] pinned)
    {
        var address = (nint)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        return (byte*)((address + Alignment - 1) & -Alignment);
    }

    private void Place(Accumulator accumulator)
    {
        var identity = accumulator.Identity;
        var place = _saved.PlaceOf(identity.Fingerprint);
        if (place >= 0)
            _targets[place] = accumulator;
        else if (identity.Kind == AccumulatorKind.Count && FindCount(identity.Filter?.Text) is var counts and >= 0)
            _counts.Add((accumulator, counts));
    }

    /// <summary>The saved accumulator from which a count is read; -1 for none.</summary>
    private int FindCount(string? filter)
    {
        var found = -1;
        foreach (var metric in _saved.Metrics)
        {
            if (metric is { IsCount: true, Accumulator: >= 0 }
                && string.Equals(metric.Filter, filter, StringComparison.Ordinal))
            {
                return metric.Accumulator;
            }
        }

        for (var place = _saved.Accumulators.Count - 1; place >= 0; place--)
        {
            var saved = _saved.Accumulators[place];
            if (saved.CountsEvents && string.Equals(saved.Filter, filter, StringComparison.Ordinal))
                found = place;
        }

        return found;
    }

    // A count alone is its bytes.
    private bool NeedsReading(int place) =>
        (_saved.Accumulators[place].HasBlocks && _targets[place] is null)
        || (_counts.Exists(count => count.Saved == place) && _saved.Accumulators[place].Form is not null);

    private void LoadOne(StateReader reader, int place, byte* bytes, byte* record)
    {
        var (saved, target) = (_saved.Accumulators[place], _targets[place]);
        if (saved.HasBlocks)
        {
            LoadBlocks(reader, place, record);
            return;
        }

        var state = new Span<byte>(bytes + saved.Offset, saved.SizeBytes);
        if (_saved.HasBlocks)
            reader.ReadBytes(state);
        if (target is not null)
            state.CopyTo(new Span<byte>(record + target.Offset, saved.SizeBytes));
    }

    private void LoadBlocks(StateReader reader, int place, byte* record)
    {
        if (_targets[place] is { } target)
        {
            target.Load(reader, record);
            return;
        }

        var again = _again[place]!;
        var scratch = Aligned(_scratch);
        again.Initialize(scratch);
        again.Load(reader, scratch);
        again.Release(scratch);
    }

    private long CountOf(int place, byte* bytes)
    {
        var saved = _saved.Accumulators[place];
        if (_again[place] is not { } again)
            return *(long*)(bytes + saved.Offset);
        var scratch = Aligned(_scratch);
        new Span<byte>(bytes + saved.Offset, saved.SizeBytes).CopyTo(new Span<byte>(scratch, saved.SizeBytes));
        return again.Read(scratch, new MetricQuery(MetricKind.Count));
    }
}
