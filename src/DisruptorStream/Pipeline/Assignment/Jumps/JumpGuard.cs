using DisruptorStream.Events;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment.Jumps;

/// <summary>
/// Tells the timestamps that are far ahead of their source from the ordinary ones, and keeps copies of those events
/// until it is clear whether time has jumped or one clock lies.
/// </summary>
/// <remarks>
/// It decides by timestamps, keys and the watermark alone. A key that it holds an event of, or counts, must keep its
/// id. One thread owns each instance.
/// </remarks>
internal sealed unsafe partial class JumpGuard
{
    private readonly JumpRules _rules;
    private readonly long _outOfOrdernessTicks;
    private readonly Dictionary<(int Column, int KeyId), int> _neededKeys = [];
    private readonly GuardedSource _left = new();
    private GuardedSource?[] _sources = [];

    /// <summary>In place of a source that has been taken out of the set.</summary>
    public const int NoSource = -1;

    /// <param name="rules">When a timestamp is a jump, and who is believed.</param>
    /// <param name="outOfOrdernessTicks">How far the watermark stays behind the newest timestamp.</param>
    /// <param name="copies">Where the held events are.</param>
    public JumpGuard(JumpRules rules, long outOfOrdernessTicks, EventCopies copies)
    {
        _rules = rules;
        _outOfOrdernessTicks = outOfOrdernessTicks;
        Copies = copies;
    }

    public EventCopies Copies { get; }

    /// <summary>One that holds nothing, and saves and loads what another one held.</summary>
    public static JumpGuard NewIdle(EventCopies copies) =>
        new(new JumpRules(JumpTicks: 1, Keys: 1, Events: 1), 0, copies);

    /// <summary>The events that are held now.</summary>
    public int HeldCount { get; private set; }

    /// <summary>The latest timestamp that is no jump; long.MinValue where every one is.</summary>
    /// <param name="newestTicks">The source's newest timestamp; long.MinValue for none.</param>
    /// <param name="watermarkTicks">The combined watermark; long.MinValue for none.</param>
    public long LastOrdinary(long newestTicks, long watermarkTicks)
    {
        if (newestTicks == long.MinValue)
            return long.MinValue;
        var reached = watermarkTicks == long.MinValue
            ? newestTicks
            : Math.Max(newestTicks, TickMath.SaturatingAdd(watermarkTicks, _outOfOrdernessTicks));
        return TickMath.SaturatingAdd(reached, _rules.JumpTicks);
    }

    /// <summary>Whether it holds events of a source.</summary>
    public bool Holds(int source) => Find(source) is { Held.Count: > 0 };

    /// <summary>Whether a key must keep its id.</summary>
    /// <param name="column">Which of an event's keys it is.</param>
    /// <param name="keyId">The key.</param>
    public bool NeedsKey(int column, int keyId) => _neededKeys.ContainsKey((column, keyId));

    /// <summary>Counts the keys of ordinary events in a row.</summary>
    public void Note(int source, in EventView events, int count)
    {
        var guarded = Of(source);
        var before = -1;
        for (var i = 0; i < count && !guarded.HasManyKeys; i++)
        {
            var keyId = KeyOf(events, i, _rules.KeyColumn);
            if (keyId != before)
                Note(guarded, keyId);
            before = keyId;
        }
    }

    /// <summary>Holds the first event of a view.</summary>
    /// <returns>The oldest held event, which has to give way; its copy is 0 where none has.</returns>
    public HeldEvent Hold(int source, in EventView view)
    {
        var guarded = Of(source);
        var oldest = default(HeldEvent);
        if (guarded.Held.Count == JumpGuardOptions.MostHeld)
            oldest = GiveUpOldest(guarded);
        var keyId = KeyOf(view, index: 0, _rules.KeyColumn);
        Note(guarded, keyId);
        Add(guarded, new HeldEvent(Copies.Add(view), view.Slots->TimestampTicks, keyId));
        return oldest;
    }

    /// <summary>Whether what it holds of a source is to be believed.</summary>
    public bool IsConfirmed(int source)
    {
        if (Find(source) is not { Held.Count: > 0 } guarded)
            return false;
        return guarded.HeldKeys >= _rules.Keys
            || (guarded.Held.Count >= _rules.Events && !guarded.HasManyKeys);
    }

    /// <summary>Gives up all that it holds of a source, in order; what is still a jump is given back.</summary>
    public HeldEvent[] Take(int source)
    {
        if (Find(source) is not { Held.Count: > 0 } guarded)
            return [];
        HeldEvent[] held = [.. guarded.Held];
        guarded.Clear();
        foreach (var one in held)
            Leave(one);
        return held;
    }

    /// <summary>Gives up all that it holds, in the order in which the events came.</summary>
    public List<(int Source, HeldEvent Held)> TakeAll()
    {
        var all = new List<(int Source, HeldEvent Held)>(HeldCount);
        for (var source = 0; source < _sources.Length; source++)
        {
            foreach (var held in Take(source))
                all.Add((source, held));
        }

        foreach (var held in _left.Held)
        {
            all.Add((NoSource, held));
            Leave(held);
        }

        _left.Clear();
        all.Sort((left, right) => SequenceOf(left.Held).CompareTo(SequenceOf(right.Held)));
        return all;
    }

    /// <summary>Goes on holding an event that was given up.</summary>
    public void GiveBack(int source, in HeldEvent held) => Add(Of(source), held);

    /// <summary>A source is taken out of the set: what is held of it waits for the end of the input.</summary>
    /// <param name="source">The source.</param>
    /// <param name="refused">Gets the oldest of such events, where there are too many.</param>
    public void Remove(int source, List<HeldEvent> refused)
    {
        if (Find(source) is not { } guarded)
            return;
        foreach (var held in Take(source))
        {
            if (_left.Held.Count == JumpGuardOptions.MostHeld)
                refused.Add(GiveUpOldest(_left));
            Add(_left, held);
        }

        SetManyKeys(guarded);
        _sources[source] = null;
    }

    private long SequenceOf(in HeldEvent held) => Copies.View(held.Copy, cause: 0).FirstSequence;

    private void Add(GuardedSource guarded, in HeldEvent held)
    {
        guarded.Add(held);
        HeldCount++;
        var copy = Copies.View(held.Copy, cause: 0);
        for (var column = 0; column < Copies.Layout.Keys; column++)
            Need(column, KeyOf(copy, index: 0, column));
    }

    private HeldEvent GiveUpOldest(GuardedSource guarded)
    {
        var oldest = guarded.Held[0];
        guarded.RemoveAt(0);
        Leave(oldest);
        return oldest;
    }

    private void Leave(in HeldEvent held)
    {
        HeldCount--;
        var copy = Copies.View(held.Copy, cause: 0);
        for (var column = 0; column < Copies.Layout.Keys; column++)
            Leave(column, KeyOf(copy, index: 0, column));
    }

    private void Note(GuardedSource guarded, int keyId)
    {
        if (guarded.Note(keyId, _rules.Keys))
            Need(_rules.KeyColumn, keyId);
        else if (guarded.HasManyKeys)
            SetManyKeys(guarded);
    }

    private void SetManyKeys(GuardedSource guarded)
    {
        foreach (var keyId in guarded.SeenKeys)
            Leave(_rules.KeyColumn, keyId);
        guarded.SetManyKeys();
    }

    private void Need(int column, int keyId)
    {
        if (keyId >= 0)
            _neededKeys[(column, keyId)] = _neededKeys.GetValueOrDefault((column, keyId)) + 1;
    }

    private void Leave(int column, int keyId)
    {
        if (keyId >= 0 && --_neededKeys[(column, keyId)] == 0)
            _neededKeys.Remove((column, keyId));
    }

    /// <summary>A key of an event; -1 where it has none.</summary>
    private int KeyOf(in EventView events, int index, int column) =>
        Math.Max(-1, Copies.Layout.KeyOf(events, index, column));

    private GuardedSource? Find(int source) => source < _sources.Length ? _sources[source] : null;

    private GuardedSource Of(int source)
    {
        if (source >= _sources.Length)
            Array.Resize(ref _sources, Math.Max(source + 1, _sources.Length * 2));
        return _sources[source] ??= new GuardedSource();
    }
}
