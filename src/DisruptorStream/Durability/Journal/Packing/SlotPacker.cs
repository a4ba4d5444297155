using System.Numerics;
using DisruptorStream.Events;

namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>Writes slots as columns of few bits; <see cref="SlotUnpacker"/> makes slots of them again.</summary>
/// <remarks>
/// <para>The columns: times, first measures, keys, heads (source, kind and reason), and each further word. A column
/// is a <see cref="PackedColumn"/>: differences to the lowest value, in units that divide all of them, in as few bits
/// as the largest needs. Measures that are all whole numbers are taken as integers; heads are few different ones, as a
/// rule, which are listed.</para>
/// <para>One thread at a time. Allocates nothing once it is made.</para>
/// <para>Source: frame of reference and bit packing as in Goldstein, Ramakrishnan and Shaft, "Compressing Relations
/// and Indexes", ICDE 1998.</para>
/// </remarks>
internal sealed unsafe class SlotPacker
{
    /// <summary>The most different heads that are listed.</summary>
    public const int MostChoices = 16;

    /// <summary>The columns before those of further words.</summary>
    public const int FirstColumns = 4;

    private const int HeadOffset = 20;

    private readonly PackedColumn[] _columns;
    private readonly uint[] _heads = new uint[MostChoices];
    private readonly ulong[] _block = SlotColumns.NewBlock();

    public SlotPacker(int furtherWords)
    {
        FurtherWords = furtherWords;
        _columns = new PackedColumn[FirstColumns + furtherWords];
    }

    /// <summary>The words beside each slot.</summary>
    public int FurtherWords { get; }

    /// <summary>Decides how slots are packed; <see cref="Pack"/> does it.</summary>
    /// <returns>How many bytes they take.</returns>
    public long Plan(in EventView slots)
    {
        var count = slots.Count;
        var ranges = SlotRanges.Of(slots.Slots, count);
        _columns[0] = PackedColumn.OfMultiples(
            ranges.LowestTime,
            ranges.HighestTime,
            TwosOf(ranges.TimeBits),
            ranges.Fives);
        _columns[1] = PlanWords(
            (long*)slots.Slots + 1,
            SlotColumns.SlotWords,
            count,
            PackedColumn.OfMultiples(
                ranges.LowestMeasure, ranges.HighestMeasure, TwosOf(ranges.MeasureBits), fives: 0));
        _columns[2] = PackedColumn.Between(ColumnForm.Integers, ranges.LowestKey, ranges.HighestKey);
        _columns[3] = PlanHeads((byte*)slots.Slots + HeadOffset, count, ranges.HeadBits == 0);
        for (var word = 0; word < FurtherWords; word++)
        {
            var first = slots.FurtherMeasures + word;
            _columns[FirstColumns + word] = PlanWords(first, FurtherWords, count, RangeOf(first, FurtherWords, count));
        }

        var bytes = 0L;
        foreach (var column in _columns)
            bytes += column.BytesFor(count);
        return bytes;
    }

    /// <summary>Packs the slots that <see cref="Plan"/> was asked about last.</summary>
    public void Pack(in EventView slots, byte* payload)
    {
        var count = slots.Count;
        var time = Begin(0, count, ref payload);
        var measure = Begin(1, count, ref payload);
        var key = Begin(2, count, ref payload);
        PackSlots((long*)slots.Slots, count, time, measure, key);
        payload = PackHeads((byte*)slots.Slots + HeadOffset, count, payload);
        for (var word = 0; word < FurtherWords; word++)
        {
            var column = FirstColumns + word;
            PackWords(slots.FurtherMeasures + word, count, _columns[column], Begin(column, count, ref payload));
        }
    }

    private static int TwosOf(ulong differingBits) =>
        differingBits == 0 ? 0 : BitOperations.TrailingZeroCount(differingBits);

    private static PackedColumn RangeOf(long* from, int stride, int count)
    {
        var (lowest, highest, differing) = (*from, *from, 0L);
        var first = *from;
        for (var index = 1; index < count; index++)
        {
            from += stride;
            lowest = Math.Min(lowest, *from);
            highest = Math.Max(highest, *from);
            differing |= *from ^ first;
        }

        return PackedColumn.OfMultiples(lowest, highest, TwosOf((ulong)differing), fives: 0);
    }

    private static PackedColumn PlanWords(long* from, int stride, int count, in PackedColumn integers)
    {
        var (lowest, highest) = (long.MaxValue, long.MinValue);
        for (var index = 0; index < count; index++, from += stride)
        {
            if (!WholeDouble.TryRead(*from, out var number))
                return integers;
            lowest = Math.Min(lowest, number);
            highest = Math.Max(highest, number);
        }

        var doubles = PackedColumn.Between(ColumnForm.WholeDoubles, lowest, highest);
        return doubles.Bits < integers.Bits ? doubles : integers;
    }

    private BitWriter Begin(int column, int count, ref byte* payload)
    {
        *(PackedColumn*)payload = _columns[column];
        var first = payload + PackedColumn.HeaderBytes;
        payload += _columns[column].BytesFor(count);
        return new BitWriter(first, payload, _columns[column].Bits);
    }

    private void PackSlots(long* slot, int count, BitWriter time, BitWriter measure, BitWriter key)
    {
        fixed (ulong* times = _block)
        {
            var measures = times + SlotColumns.BlockSlots;
            var keys = measures + SlotColumns.BlockSlots;
            ref readonly var ofMeasures = ref _columns[1];
            for (int some; count > 0; count -= some, slot += some * SlotColumns.SlotWords)
            {
                some = Math.Min(count, SlotColumns.BlockSlots);
                SlotColumns.Write(
                    slot, some, in _columns[0], in ofMeasures, in _columns[2], times, measures, keys);
                if (ofMeasures.Form == ColumnForm.WholeDoubles)
                    WholeDouble.Read(slot + 1, SlotColumns.SlotWords, some, ofMeasures.Base, measures);
                time.Write(times, some);
                measure.Write(measures, some);
                key.Write(keys, some);
            }
        }

        time.Finish();
        measure.Finish();
        key.Finish();
    }

    private void PackWords(long* from, int count, in PackedColumn column, BitWriter writer)
    {
        fixed (ulong* numbers = _block)
        {
            for (int some; count > 0; count -= some, from += some * FurtherWords)
            {
                some = Math.Min(count, SlotColumns.BlockSlots);
                if (column.Form == ColumnForm.WholeDoubles)
                {
                    WholeDouble.Read(from, FurtherWords, some, column.Base, numbers);
                }
                else
                {
                    for (var index = 0; index < some; index++)
                        numbers[index] = unchecked((ulong)(from[index * FurtherWords] - column.Base)) >> column.Twos;
                }

                writer.Write(numbers, some);
            }
        }

        writer.Finish();
    }

    // The commonest head is found at once: the one that the slot before has.
    private PackedColumn PlanHeads(byte* from, int count, bool areSame)
    {
        var choices = 0;
        var last = ~*(uint*)from;
        var at = from;
        for (var index = 0; index < (areSame ? 1 : count); index++, at += EventSlot.SizeBytes)
        {
            var head = *(uint*)at;
            if (head == last)
                continue;
            last = head;
            if (_heads.AsSpan(0, choices).Contains(head))
                continue;
            if (choices == MostChoices)
                return PlanManyHeads(from, count);
            _heads[choices++] = head;
        }

        var column = PackedColumn.Between(ColumnForm.Choices, 0, choices - 1);
        column.Choices = choices;
        return column;
    }

    private static PackedColumn PlanManyHeads(byte* from, int count)
    {
        var (lowest, highest) = (*(int*)from, *(int*)from);
        for (var index = 1; index < count; index++)
        {
            from += EventSlot.SizeBytes;
            lowest = Math.Min(lowest, *(int*)from);
            highest = Math.Max(highest, *(int*)from);
        }

        return PackedColumn.Between(ColumnForm.Integers, lowest, highest);
    }

    private byte* PackHeads(byte* from, int count, byte* payload)
    {
        ref readonly var column = ref _columns[3];
        *(PackedColumn*)payload = column;
        var choices = _heads.AsSpan(0, column.Choices);
        choices.CopyTo(new Span<uint>(payload + PackedColumn.HeaderBytes, column.Choices));
        if (column.Choices % 2 != 0)
            ((uint*)(payload + PackedColumn.HeaderBytes))[column.Choices] = 0;
        var first = payload + PackedColumn.HeaderBytes + column.ChoiceBytes;
        payload += column.BytesFor(count);
        var writer = new BitWriter(first, payload, column.Bits);
        if (column.Bits == 0)
            return payload;
        fixed (ulong* numbers = _block)
        {
            for (int some; count > 0; count -= some)
            {
                some = Math.Min(count, SlotColumns.BlockSlots);
                for (var index = 0; index < some; index++, from += EventSlot.SizeBytes)
                {
                    numbers[index] = column.Form == ColumnForm.Choices
                        ? (ulong)choices.IndexOf(*(uint*)from)
                        : unchecked((ulong)(*(int*)from - column.Base));
                }

                writer.Write(numbers, some);
            }
        }

        writer.Finish();
        return payload;
    }
}
