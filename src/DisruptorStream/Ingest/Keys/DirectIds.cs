using System.Runtime.CompilerServices;
using DisruptorStream.Codecs;

namespace DisruptorStream.Ingest.Keys;

/// <summary>
/// The ids of integer keys by the lowest bits of the key: a direct-mapped cache in front of the hash table.
/// </summary>
/// <remarks>
/// <para>
/// It holds ids of live keys only, so a hit needs neither a hash nor a look at the key's entry. An id is taken out when
/// its key is marked as about to be retired, before the slot that retires it is claimed: a claim behind that slot
/// misses here, and the look-up in the table takes the mark back or adds the key anew.
/// </para>
/// <para>
/// Keys beside each other never get in each other's way; of others that do, the one that came first stays, and the rest
/// are looked up in the table. It is written under the lock of the table, and read without it.
/// </para>
/// </remarks>
internal sealed class DirectIds
{
    /// <summary>The most ids it ever has room for, in 32 MB.</summary>
    public const int MaxLength = 1 << 22;

    private const int FirstLength = 1 << 10;
    private const int CodeShift = 32;

    private ulong[] _slots;

    public DirectIds()
        : this(FirstLength)
    {
    }

    private DirectIds(int length) => _slots = new ulong[length];

    /// <summary>For keys of a type without codes.</summary>
    public static DirectIds None { get; } = new(1);

    /// <summary>The present slots, for many look-ups inside one claim.</summary>
    // Pairs with the write in Fit. Replaced slots hold ids that were live when they were replaced: whatever is marked
    // later is retired behind the claims that still see them.
    public ulong[] Slots => Volatile.Read(ref _slots);

    /// <summary>The 32 bits that tell a key from all others of its type; none for types and values without.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCode<TKey>(TKey key, out uint code)
    {
        // For value types the JIT keeps the lines that apply.
        if (typeof(TKey) == typeof(long) || typeof(TKey) == typeof(ulong))
        {
            var wide = Unsafe.BitCast<TKey, ulong>(key);
            code = (uint)wide;
            return wide == code;
        }

        code = 0;
        if (typeof(TKey) == typeof(int) || typeof(TKey) == typeof(uint))
            code = Unsafe.BitCast<TKey, uint>(key);
        else if (typeof(TKey) == typeof(short) || typeof(TKey) == typeof(ushort) || typeof(TKey) == typeof(char))
            code = Unsafe.BitCast<TKey, ushort>(key);
        else if (typeof(TKey) == typeof(byte) || typeof(TKey) == typeof(sbyte))
            code = Unsafe.BitCast<TKey, byte>(key);
        else
            return EnumNumbers.IsEnum<TKey>() && TryCodeEnum(key, out code);
        return true;
    }

    /// <summary>Whether keys of the type have codes, or some of them.</summary>
    public static bool Suits<TKey>() =>
        typeof(TKey) == typeof(int) || typeof(TKey) == typeof(uint) || typeof(TKey) == typeof(long)
        || typeof(TKey) == typeof(ulong) || typeof(TKey) == typeof(short) || typeof(TKey) == typeof(ushort)
        || typeof(TKey) == typeof(char) || typeof(TKey) == typeof(byte) || typeof(TKey) == typeof(sbyte)
        || EnumNumbers.IsEnum<TKey>();

    /// <summary>The id of a key, valid for the claim that the caller holds; -1 for one that is not here.</summary>
    /// <param name="slots">As they were inside the claim.</param>
    /// <param name="code">The key's.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Find(ulong[] slots, uint code)
    {
        // Pairs with the writes in TryAdd and Remove. An empty slot has the code 0 and the id -1.
        var slot = Volatile.Read(ref slots[code & (uint)(slots.Length - 1)]);
        return (uint)(slot >> CodeShift) == code ? (int)(uint)slot - 1 : -1;
    }

    /// <summary>Whether <see cref="TryAdd"/> would find room.</summary>
    // Pairs with the writes in TryAdd and Remove.
    public bool HasRoomFor(uint code) => Volatile.Read(ref SlotOf(code)) == 0;

    /// <summary>Adds the id of a live key, unless another has its place.</summary>
    public void TryAdd(uint code, int id)
    {
        ref var slot = ref SlotOf(code);

        // Pairs with the read in Find: a reader that finds the id sees its entry.
        if (slot == 0)
            Volatile.Write(ref slot, ((ulong)code << CodeShift) | (uint)(id + 1));
    }

    /// <summary>Takes a key out, if it is here.</summary>
    public void Remove(uint code)
    {
        ref var slot = ref SlotOf(code);

        // Pairs with the read in Find, through the claims in between.
        if (slot != 0 && (uint)(slot >> CodeShift) == code)
            Volatile.Write(ref slot, 0);
    }

    /// <summary>
    /// Makes room for more keys. The slots are empty then: keys come back as they are looked up, so that nobody has
    /// to wait for them all.
    /// </summary>
    public void Fit(int keys)
    {
        // Pairs with the read in Slots.
        if (keys > _slots.Length / 2 && _slots.Length < MaxLength)
            Volatile.Write(ref _slots, new ulong[_slots.Length * 2]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryCodeEnum<TKey>(TKey member, out uint code)
    {
        var number = EnumNumbers.Of(member);
        code = (uint)number;
        return number == code;
    }

    private ref ulong SlotOf(uint code)
    {
        var slots = Slots;
        return ref slots[code & (uint)(slots.Length - 1)];
    }
}
