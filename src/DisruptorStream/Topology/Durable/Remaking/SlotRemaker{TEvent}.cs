using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Saving;
using DisruptorStream.Sources.Reading;

namespace DisruptorStream.Topology.Durable.Remaking;

/// <inheritdoc cref="SlotRemaker"/>
/// <remarks>
/// A publisher as the processor has one runs the selectors and fills slots; its keys and its source are its own, and
/// their numbers are replaced by those of the journal.
/// </remarks>
internal sealed class SlotRemaker<TEvent> : SlotRemaker
{
    private readonly IReadOnlyDictionary<string, SourceRereader<TEvent>> _sources;
    private readonly Func<RemakingParts> _newParts;
    private readonly Func<RemakingParts, EventPublisher<TEvent>> _newPublisher;
    private readonly SideLogReplayer _identities;
    private RemakingParts? _parts;
    private EventPublisher<TEvent>? _publisher;
    private RemadeIds? _ids;
    private TEvent[] _events = [];

    /// <param name="sources">What the processor reads by itself and can read again, by name; closed in the end.</param>
    /// <param name="newParts">Makes what a publisher needs.</param>
    /// <param name="newPublisher">Makes a publisher.</param>
    /// <param name="identities">What the numbers in slots stand for, as of the next slot.</param>
    public SlotRemaker(
        IReadOnlyDictionary<string, SourceRereader<TEvent>> sources,
        Func<RemakingParts> newParts,
        Func<RemakingParts, EventPublisher<TEvent>> newPublisher,
        SideLogReplayer identities)
    {
        _sources = sources;
        _newParts = newParts;
        _newPublisher = newPublisher;
        _identities = identities;
    }

    public override void Make(in RunPlace place, in EventView slots)
    {
        if (!_sources.TryGetValue(place.Name, out var source))
        {
            throw new StateException(
                $"{Which(place, slots)} are kept as their order alone, and the processor reads no source "
                + $"'{place.Name}' that seeks; add it with ReadFrom, as it was.");
        }

        // What is open may be elsewhere than it seems, as may keys that were gathered: then all is begun anew.
        var isFresh = !source.IsOpen && _parts is null;
        if (TryMake(source, place, slots, out var failure)
            || (!isFresh && TryMakeAnew(source, place, slots, out failure)))
        {
            return;
        }

        throw new StateException(
            $"{Which(place, slots)} are kept as their order alone, and the source '{place.Name}' does not give their "
            + $"events again from its position {place.Position} on, {place.Since} events left out: "
            + (failure is null
                ? "it gives other events, or what reads them gives other keys, times or measures"
                : $"{failure.GetType().Name}: {failure.Message.TrimEnd('.')}")
            + ". Put the source, and what reads it, back as they were, and start again; nothing was changed.",
            failure);
    }

    public override void Dispose()
    {
        foreach (var source in _sources.Values)
            source.Dispose();
    }

    private static string Which(in RunPlace place, in EventView slots) =>
        $"The slots {slots.FirstSequence} to {slots.FirstSequence + slots.Count - 1} of '{place.Name}'";

    private bool TryMakeAnew(
        SourceRereader<TEvent> source, in RunPlace place, in EventView slots, out Exception? failure)
    {
        source.Close();
        _parts = null;
        return TryMake(source, place, slots, out failure);
    }

    private bool TryMake(
        SourceRereader<TEvent> source, in RunPlace place, in EventView slots, out Exception? failure)
    {
        failure = null;
        try
        {
            if (_events.Length < slots.Count)
                _events = new TEvent[Math.Max(slots.Count, 2 * _events.Length)];
            var events = _events.AsSpan(0, slots.Count);
            source.Read(place.Position, place.Since, events);
            return TryFill(events, place, slots);
        }
        catch (Exception thrown) when (thrown is not OutOfMemoryException)
        {
            failure = thrown;
            return false;
        }
    }

    private bool TryFill(ReadOnlySpan<TEvent> events, in RunPlace place, in EventView slots)
    {
        var parts = _parts;
        if (parts is null)
        {
            _parts = parts = _newParts();
            _publisher = _newPublisher(parts);
            _ids = new RemadeIds(parts.Ledger, _identities);
        }

        parts.Ring.Begin(slots);
        try
        {
            _publisher!.Publish(events);
        }
        finally
        {
            parts.Ring.End();
        }

        _ids!.Replace(slots, parts.Layout);
        for (var index = 0; index < slots.Count; index++)
            slots.SlotAt(index).SourceId = place.Source;
        return OrderFormat.HashOf(slots) == place.Hash;
    }
}
