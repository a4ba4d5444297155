using DisruptorStream.Saving;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.State.Sessions.Spans;

/// <summary>Windows of a calendar, in the time zone of each key.</summary>
/// <remarks>
/// The zone of a key is asked for at its first event, and kept until a new key may take the id. Keys of one zone share
/// its grid.
/// </remarks>
internal sealed class ZonedSpans : SpanRule
{
    private const int Version = 1;

    private readonly ZonedWindows _windows;
    private readonly Func<int, TimeZoneInfo> _zoneOf;
    private readonly List<ZoneGrid> _zones = [];

    // One more than the place of the zone; 0 where it has not been asked for.
    private int[] _placesOfKeys = [];

    /// <param name="windows">The windows.</param>
    /// <param name="zoneOf">Asks the user's code for the zone of a key.</param>
    public ZonedSpans(ZonedWindows windows, Func<int, TimeZoneInfo> zoneOf)
    {
        _windows = windows;
        _zoneOf = zoneOf;
    }

    public override int MaxWindowsPerEvent => 1;

    public override bool IsTumbling => true;

    public override int Assign(int keyId, long time, Span<TimeWindow> windows)
    {
        if (PlaceOf(keyId) == 0)
            Ask(keyId);
        return GridSpans.AssignBy(_zones[PlaceOf(keyId) - 1].Grid, time, windows);
    }

    public override bool MayHave(int keyId, in TimeWindow window) =>
        PlaceOf(keyId) > 0 && GridSpans.IsWindowOf(_zones[PlaceOf(keyId) - 1].Grid, window);

    public override void Forget(int keyId)
    {
        if (keyId < _placesOfKeys.Length)
            _placesOfKeys[keyId] = 0;
    }

    /// <remarks>
    /// Saved as the ids of the zones that keys have, ascending, and of each key that has one how far its id is from the
    /// one before, and the place of the zone.
    /// </remarks>
    public override void Save(StateWriter writer, SpanRule[] shards)
    {
        var (range, count) = (0, 0);
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var shard in Array.ConvertAll(shards, shard => (ZonedSpans)shard))
        {
            range = Math.Max(range, shard._placesOfKeys.Length);
            foreach (var place in shard._placesOfKeys)
            {
                if (place == 0)
                    continue;
                count++;
                ids.Add(shard._zones[place - 1].Id);
            }
        }

        string[] sorted = [.. ids];
        writer.Begin(SectionTag.KeyZones, Version);
        writer.WriteCount(sorted.Length);
        foreach (var id in sorted)
            writer.WriteText(id);
        writer.WriteCount(count);
        var next = 0;
        for (var keyId = 0; keyId < range; keyId++)
        {
            var shard = (ZonedSpans)shards[keyId & (shards.Length - 1)];
            if (shard.PlaceOf(keyId) == 0)
                continue;
            writer.WriteCount(keyId - next);
            writer.WriteCount(Array.BinarySearch(
                sorted, shard._zones[shard.PlaceOf(keyId) - 1].Id, StringComparer.Ordinal));
            next = keyId + 1;
        }

        writer.End();
    }

    public override void Load(StateReader reader, SpanRule[] shards)
    {
        reader.Begin(SectionTag.KeyZones, Version);
        var ids = new string[reader.ReadCount(1, "time zones")];
        for (var index = 0; index < ids.Length; index++)
            ids[index] = reader.ReadText();
        var next = 0L;
        for (var left = reader.ReadCount(2, "keys with a time zone"); left > 0; left--)
        {
            next += reader.ReadNumber(reader.KeyRange - 1 - next, "the distance to a key");
            if (ids.Length == 0)
                throw reader.Invalid($"key {next} has a time zone, and there is none");
            var id = ids[reader.ReadNumber(ids.Length - 1, "the place of a time zone")];
            var shard = (ZonedSpans)shards[(int)next & (shards.Length - 1)];
            shard.SetZone((int)next, shard.Find(id, (int)next));
            next++;
        }

        reader.End();
    }

    private int PlaceOf(int keyId) => keyId < _placesOfKeys.Length ? _placesOfKeys[keyId] : 0;

    private void Ask(int keyId)
    {
        var zone = _zoneOf(keyId);
        SetZone(keyId, zone ?? throw new InvalidOperationException(
            "The selector of CalendarWindows returned no time zone for a key; return one for every key."));
    }

    private void SetZone(int keyId, TimeZoneInfo zone)
    {
        var place = _zones.FindIndex(known => string.Equals(known.Id, zone.Id, StringComparison.Ordinal));
        if (place < 0)
        {
            place = _zones.Count;
            _zones.Add(new ZoneGrid(zone, _windows.NewGrid(zone)));
        }

        if (keyId >= _placesOfKeys.Length)
            Array.Resize(ref _placesOfKeys, Math.Max(keyId + 1, Math.Max(64, _placesOfKeys.Length * 2)));
        _placesOfKeys[keyId] = place + 1;
    }

    /// <summary>
    /// The zone of an id that was saved: one that is known, the platform's, or what the user says now.
    /// </summary>
    private TimeZoneInfo Find(string id, int keyId)
    {
        if (_zones.Find(known => string.Equals(known.Id, id, StringComparison.Ordinal)) is { } zone)
            return zone.Zone;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found)
            && string.Equals(found.Id, id, StringComparison.Ordinal))
        {
            return found;
        }

        try
        {
            if (_zoneOf(keyId) is { } said && string.Equals(said.Id, id, StringComparison.Ordinal))
                return said;
        }
        catch (Exception exception)
        {
            throw NotThere(exception);
        }

        throw NotThere(null);

        StateException NotThere(Exception? cause) => new(
            $"A key was saved with the time zone '{id}', which this machine does not know; install it, or let the "
            + "selector of CalendarWindows return it for that key.",
            cause);
    }

    private sealed record ZoneGrid(TimeZoneInfo Zone, CalendarGrid Grid)
    {
        public string Id => Zone.Id;
    }
}
