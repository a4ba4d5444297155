using CsCheck;
using DisruptorStream.Events;

namespace DisruptorStream.Tests.State.Saving;

/// <summary>Random slots: events of two sources in disorder, ticks, watermarks, sources that come and go.</summary>
internal static class SlotHistory
{
    public static Gen<EventSlot[]> Any(int most, int keys = 9) => Gen.Select(
        Gen.Int[0, 99], Gen.Int[0, keys - 1], Gen.Int[0, 15], Gen.Int[0, 40]).Array[1, most].Select(Build);

    /// <summary>The same slots for the same seed.</summary>
    public static EventSlot[] Of(int seed, int count, int keys)
    {
        var random = new Random(seed);
        return Build([.. Enumerable.Range(0, count).Select(
            _ => (random.Next(100), random.Next(keys), random.Next(16), random.Next(41)))]);
    }

    private static EventSlot[] Build((int Kind, int Key, int Step, int Value)[] parts)
    {
        var slots = new EventSlot[parts.Length];
        var (time, clock) = (-40L, 1000L);
        for (var index = 0; index < slots.Length; index++)
        {
            var (kind, key, step, value) = parts[index];
            time += step < 10 ? 0 : step - 9;
            slots[index] = kind switch
            {
                < 84 => new EventSlot
                {
                    TimestampTicks = time - (value % 7 == 0 ? 2 * step : step / 4),
                    Measure = Bits(value),
                    KeyId = key * (kind % 4 == 0 ? 1 : 3),
                    SourceId = (ushort)(kind % 9 == 0 ? 1 : 0),
                },
                < 92 => Tick(clock += step, step),
                92 => new EventSlot { Kind = SlotKind.SourceWatermark, TimestampTicks = time - 3, SourceId = 1 },
                93 => new EventSlot { Kind = SlotKind.SourceIdle, SourceId = 1 },
                94 => new EventSlot { Kind = SlotKind.SourceRemoved, SourceId = 1 },
                95 => new EventSlot { Kind = SlotKind.SourceRegistered, SourceId = (ushort)(1 + (key % 3)) },
                96 => new EventSlot { Kind = SlotKind.SourceCompleted, SourceId = 2 },
                97 => new EventSlot { Kind = SlotKind.SourceIdle, SourceId = (ushort)(2 + (key % 2)) },
                98 => new EventSlot { Kind = SlotKind.Refused, Reason = DropReason.NotFinite, KeyId = key },
                _ => new EventSlot { Kind = SlotKind.Void },
            };
        }

        return slots;
    }

    private static EventSlot Tick(long clock, int step)
    {
        var tick = new EventSlot { Kind = SlotKind.Tick, TimestampTicks = clock, Measure = clock + 7 };
        tick.SetQuietStep(step);
        return tick;
    }

    private static long Bits(int value) => BitConverter.DoubleToInt64Bits(value % 5 == 4 ? -value / 3.0 : value);
}
