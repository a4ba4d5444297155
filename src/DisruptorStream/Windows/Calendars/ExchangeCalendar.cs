namespace DisruptorStream.Windows.Calendars;

/// <summary>When an exchange trades: hours by the clock on its wall, days, holidays and half days.</summary>
/// <remarks>
/// A session belongs to the day on which it closes. Where <see cref="Open"/> is not before <see cref="Close"/>, it
/// opens on the evening before.
/// </remarks>
public sealed record ExchangeCalendar
{
    private static readonly IReadOnlyCollection<DayOfWeek> MondayToFriday =
    [
        DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday,
    ];

    /// <summary>Its name, to tell it from others in plans; the time zone's where none is given.</summary>
    /// <exception cref="ArgumentException">It is blank.</exception>
    public string Name
    {
        get => field ?? Zone.Id;
        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            field = value;
        }
    }

    /// <summary>The time zone of the clock on its wall.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public required TimeZoneInfo Zone
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    /// <summary>When a session opens.</summary>
    public required TimeOnly Open { get; init; }

    /// <summary>When a session closes; the first moment after it.</summary>
    public required TimeOnly Close { get; init; }

    /// <summary>The days of the week on which a session closes. Default Monday to Friday.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public IReadOnlyCollection<DayOfWeek> Weekdays
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count == 0)
            {
                throw new ArgumentException(
                    "An exchange trades on one day of the week at least; name it, or leave Weekdays as they are.",
                    nameof(value));
            }

            field = [.. value];
        }
    }

    = MondayToFriday;

    /// <summary>The days without a session. Default none.</summary>
    /// <exception cref="ArgumentNullException">They are null.</exception>
    public IReadOnlyCollection<DateOnly> Holidays
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = [.. value];
        }
    }

    = [];

    /// <summary>The days on which the session closes at another time, and when. Default none.</summary>
    /// <exception cref="ArgumentNullException">They are null.</exception>
    public IReadOnlyDictionary<DateOnly, TimeOnly> HalfDays
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = new Dictionary<DateOnly, TimeOnly>(value);
        }
    }

    = new Dictionary<DateOnly, TimeOnly>();
}
