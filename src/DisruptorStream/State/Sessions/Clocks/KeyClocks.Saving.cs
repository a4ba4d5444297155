using DisruptorStream.Saving;

namespace DisruptorStream.State.Sessions.Clocks;

/// <content>
/// Saved as how many keys have a time, and of each how far its id is from the one before, its watermark, and how long
/// ago its newest event is by the quiet clock.
/// </content>
internal sealed unsafe partial class KeyClocks
{
    private const int Version = 1;
    private const int LeastBytesPerKey = 2 + sizeof(long);

    /// <summary>Writes the times that all shards know.</summary>
    public static void Save(StateWriter writer, KeyClocks[] shards)
    {
        var (range, count) = (0, 0);
        foreach (var shard in shards)
        {
            range = Math.Max(range, shard._count);
            for (var keyId = 0; keyId < shard._count; keyId++)
                count += shard.HasTime(keyId) ? 1 : 0;
        }

        writer.Begin(SectionTag.KeyTimes, Version);
        writer.WriteCount(count);
        var next = 0;
        for (var keyId = 0; keyId < range; keyId++)
        {
            var shard = shards[keyId & (shards.Length - 1)];
            if (!shard.HasTime(keyId))
                continue;
            writer.WriteCount(keyId - next);
            writer.WriteInt64(shard._clocks[keyId].WatermarkTicks);
            writer.WriteCount(shard.NowTicks - shard._clocks[keyId].ActiveTicks);
            next = keyId + 1;
        }

        writer.End();
    }

    /// <exception cref="StateException">It cannot have been saved.</exception>
    public static void Load(StateReader reader, KeyClocks[] shards)
    {
        reader.Begin(SectionTag.KeyTimes, Version);
        var next = 0L;
        for (var left = reader.ReadCount(LeastBytesPerKey, "keys with a time"); left > 0; left--)
        {
            next += reader.ReadNumber(reader.KeyRange - 1 - next, "the distance to a key");
            var clock = shards[(int)next & (shards.Length - 1)].Of((int)next);
            clock->WatermarkTicks = reader.ReadInt64();
            clock->ActiveTicks = -reader.ReadNumber(long.MaxValue, "the time since a key's newest event");
            if (clock->WatermarkTicks == long.MaxValue)
                throw reader.Invalid($"the input of key {next} has ended, and it goes on");
            next++;
        }

        reader.End();
    }

    private bool HasTime(int keyId) => keyId < _count && _clocks[keyId].ActiveTicks != long.MinValue;
}
