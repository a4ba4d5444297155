namespace DisruptorStream.Windows.Calendars;

/// <summary>What a calendar window lasts, by the clock on the wall.</summary>
public enum CalendarUnit
{
    /// <summary>Hours, from local midnight; how many must divide 24.</summary>
    Hour = 0,

    /// <summary>Days, counted from 1970-01-01 where they are several.</summary>
    Day,

    /// <summary>Weeks, counted from the week of 1970-01-01 where they are several.</summary>
    Week,

    /// <summary>Months, counted from January of year 0 where they are several.</summary>
    Month,

    /// <summary>Quarters, counted from January of year 0 where they are several.</summary>
    Quarter,

    /// <summary>Years, counted from year 0 where they are several.</summary>
    Year,
}
