using DisruptorStream.Messages;

namespace DisruptorStream.Watermarks;

/// <summary>When an event that is far ahead of its source's others is believed.</summary>
/// <remarks>
/// An event is a jump where it is the first of its source, or where it is further ahead of the source's newest event,
/// and of the watermark, than <see cref="Jump"/>. A jump is held: it enters no window, and moves nothing. When jumps of
/// a source have come from <see cref="Keys"/> different keys, time has jumped, and they are released in their order.
/// When the source goes on without them, they are refused as <see cref="Events.DropReason.TimestampJump"/>. A source
/// that has had fewer keys than that in all is believed after <see cref="Events"/> jumps. At most 1,024 events are held
/// for a source, and the oldest are refused; at the end of the input all are released.
/// </remarks>
public sealed record JumpGuardOptions
{
    /// <summary>The most events that are held for a source.</summary>
    internal const int MostHeld = 1024;

    /// <param name="jump">How far ahead an event must be to be a jump; above zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or negative.</exception>
    public JumpGuardOptions(TimeSpan jump)
    {
        if (jump <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(jump), jump, $"The jump is {jump}; it must be above zero, such as an hour.");
        }

        Jump = jump;
    }

    /// <summary>
    /// How far ahead of its source's newest event an event must be, and of the watermark plus the out-of-orderness, to
    /// be a jump.
    /// </summary>
    public TimeSpan Jump { get; }

    /// <summary>
    /// The name of the stream's key whose values believe a jump, where events have several keys: the one that tells
    /// their clocks apart. Default null: the only key. Not for processors, whose key has no name.
    /// </summary>
    /// <exception cref="ArgumentException">It is blank.</exception>
    public string? Key
    {
        get;
        init
        {
            if (value is not null)
                ArgumentException.ThrowIfNullOrWhiteSpace(value);
            field = value;
        }
    }

    /// <summary>How many different keys believe a jump. 1 to 1,024; default 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Keys
    {
        get;
        init => field = (int)OptionGuard.InRange(value, 1, MostHeld, nameof(Keys));
    } = 3;

    /// <summary>
    /// How many jumps are believed of a source that has had fewer keys than <see cref="Keys"/>. 1 to 1,024; default 16.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Events
    {
        get;
        init => field = (int)OptionGuard.InRange(value, 1, MostHeld, nameof(Events));
    } = 16;
}
