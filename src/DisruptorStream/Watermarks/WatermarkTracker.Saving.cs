using System.Diagnostics;
using DisruptorStream.Saving;
using DisruptorStream.Watermarks.Lateness;

namespace DisruptorStream.Watermarks;

/// <content>Saved as the watermark and each source by its number. Who counts is found again.</content>
internal sealed partial class WatermarkTracker
{
    // 2: what is known of the quiet. 3: how late the events of each source come.
    private const int Version = 3;
    private const int LeastBytesPerSource = (3 * sizeof(long)) + 2;

    public void Save(StateWriter writer)
    {
        AssertInvariants();
        writer.Begin(SectionTag.Watermarks, Version);
        writer.WriteInt64(WatermarkTicks);
        writer.WriteInt64(_highest);
        writer.WriteCount(Regressions);
        _quiet.Save(writer);
        _sample.Save(writer);
        writer.WriteCount(_sourceCount);
        var next = 0;
        for (var source = 0; source < _sources.Length; source++)
        {
            ref readonly var entry = ref _sources[source];
            if (!entry.IsRegistered)
                continue;
            writer.WriteCount(source - next);
            writer.WriteByte((byte)entry.State);
            writer.WriteInt64(entry.WatermarkTicks);
            writer.WriteInt64(entry.MaxTimestampTicks);
            writer.WriteInt64(entry.LastActivity);
            if (entry.Lateness is { } lateness)
                lateness.Save(writer);
            else
                writer.WriteCount(0);
            next = source + 1;
        }

        writer.End();
    }

    /// <summary>Takes over what was saved, before the first source.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader)
    {
        var version = reader.Begin(SectionTag.Watermarks, Version);
        var watermark = reader.ReadInt64();
        _highest = reader.ReadInt64();
        Regressions = reader.ReadNumber(long.MaxValue, "the number of watermarks that went back");
        if (version > 1)
            _quiet.Load(reader);
        else
            _quiet.OnActivity(watermark);
        if (version > 2)
            _sample.Load(reader);
        var source = 0;
        for (var left = reader.ReadCount(LeastBytesPerSource, "sources", MaxSources); left > 0; left--)
        {
            source += (int)reader.ReadNumber(MaxSources - 1 - source, "the distance to a source");
            LoadSource(reader, source++, version > 2);
        }

        reader.End();
        WatermarkTicks = watermark;
        AssertInvariants();
    }

    /// <summary>That sources are counted, and that those which count are in the minimum.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent()
    {
        var (registered, active, completed) = (0, 0, 0);
        var minimum = long.MaxValue;
        for (var source = 0; source < _sources.Length; source++)
        {
            ref readonly var entry = ref _sources[source];
            if (!entry.IsRegistered)
                continue;
            registered++;
            completed += entry.State == SourceState.Completed ? 1 : 0;
            if (entry.State != SourceState.Active)
                continue;
            active++;
            minimum = Math.Min(minimum, entry.WatermarkTicks);
            Invariant.Require(_active[entry.ActiveIndex] == source, "An active source knows its place.");
        }

        Invariant.Require(
            registered == _sourceCount && active == _activeCount && completed == _completedCount,
            "Sources are counted.");
        Invariant.Require(minimum == _counted.Minimum, "The minimum is that of the active sources.");
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    private void LoadSource(StateReader reader, int source, bool hasLateness)
    {
        var state = (SourceState)reader.ReadByte();
        if (state > SourceState.Completed)
            throw reader.Invalid($"source {source} is in a state {(int)state}, which is none");
        Add(source, long.MinValue);
        ref var entry = ref _sources[source];
        entry.WatermarkTicks = reader.ReadInt64();
        entry.MaxTimestampTicks = reader.ReadInt64();
        entry.LastActivity = reader.ReadInt64();
        if (hasLateness)
            LoadLateness(reader, ref entry);
        if (state == SourceState.Active)
        {
            _counted.Set(source, entry.WatermarkTicks);
            return;
        }

        Deactivate(source);
        _sources[source].State = state;
        _completedCount += state == SourceState.Completed ? 1 : 0;
    }

    private static void LoadLateness(StateReader reader, ref SourceEntry entry)
    {
        var lateness = new LatenessCounts();
        lateness.Load(reader);
        entry.Lateness = lateness.Events > 0 ? lateness : null;
    }
}
