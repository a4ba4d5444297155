using DisruptorStream.Emission.Tables;
using DisruptorStream.Messages;

namespace DisruptorStream.Emission.Webhooks;

/// <summary>How a <see cref="WebhookSink{TKey}"/> sends. Each is checked when it is set.</summary>
public sealed record WebhookSinkOptions
{
    /// <summary>How often a request is sent at most, 1 to 100. Default 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Attempts { get; init => field = OptionGuard.InRange(value, 1, 100); } = 5;

    /// <summary>
    /// The wait before the second attempt, 0 to 1 minute. Default 200 ms. Each wait is twice as long as the one before,
    /// up to <see cref="MaxDelay"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Delay
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The longest wait before an attempt, also where the receiver asks for a longer one (Retry-After): 0 to 1 hour.
    /// Default 30 s.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxDelay
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.Zero, TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt may take, 1 ms to 1 hour. Default 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Timeout
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(10);

    /// <summary>How windows are shown. Default moments, such as <c>2026-01-01T12:00:00Z</c>.</summary>
    public WindowTimes Times { get; init; }

    /// <summary>Measures the waits. Default the system's clock.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = TimeProvider.System;
}
