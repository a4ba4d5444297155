using System.Security.Cryptography;

namespace DisruptorStream.Durability.Journal;

/// <summary>How a journal is written.</summary>
internal sealed record JournalOptions
{
    /// <summary>The fewest bytes of a segment.</summary>
    public const long LeastSegmentBytes = 1024;

    /// <summary>The most bytes of a segment.</summary>
    public const long MostSegmentBytes = 1 << 30;

    /// <summary>The length of a segment in bytes: 1 KiB to 1 GiB, a multiple of 8. Default 64 MiB.</summary>
    /// <remarks>What does not fit into one segment gets a longer one.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1 KiB or above 1 GiB, or no multiple of 8.</exception>
    public long SegmentBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, LeastSegmentBytes);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostSegmentBytes);
            ArgumentOutOfRangeException.ThrowIfNotEqual(value % sizeof(long), 0, nameof(value));
            field = value;
        }
    } = 64L << 20;

    /// <summary>How many segments are kept ready: 0 or more. Default 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0.</exception>
    public int Spares
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 2;

    /// <summary>
    /// Whether room for a segment that is made ahead is reserved, and not filled with zeros. Default false.
    /// </summary>
    /// <remarks>
    /// Then the disk is written once, and not twice; and each sync has to note which parts of the file hold something
    /// now. A segment that is not ready when it is needed is reserved anyway. Where the system cannot, zeros are
    /// written.
    /// </remarks>
    public bool ReservesSpares { get; init; }

    /// <summary>Whether slots are packed. Default <see cref="SlotPacking.WhereItPays"/>.</summary>
    /// <remarks>
    /// An event of 24 bytes takes 5 to 12 with one measure, for some 4 ns of the thread that appends.
    /// </remarks>
    public SlotPacking Packing { get; init; } = SlotPacking.WhereItPays;

    /// <summary>
    /// Whether records that are not durable yet are kept in memory, so that <see cref="Writing.JournalWriter.Reseat"/>
    /// can write them again. Default true.
    /// </summary>
    public bool CanReseat { get; init; } = true;

    /// <summary>
    /// Told how long each sync took that did something, on the thread that synced. Default nobody. It must not throw.
    /// </summary>
    public Action<TimeSpan>? OnSynced { get; init; }

    /// <summary>
    /// What the salts of the segments are made of; by default a random number. To be set only where two runs must write
    /// the same bytes: two lives of a directory must not have the same.
    /// </summary>
    public ulong SaltSeed { get; init; } = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
