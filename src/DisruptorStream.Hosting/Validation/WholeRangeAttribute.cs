using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics;

namespace DisruptorStream.Hosting.Validation;

/// <summary>A whole number within a range; the message names option, value and range.</summary>
internal sealed class WholeRangeAttribute : OptionValueAttribute
{
    public WholeRangeAttribute(int least, int most)
    {
        Least = least;
        Most = most;
    }

    public int Least { get; }

    public int Most { get; }

    public bool PowerOfTwo { get; set; }

    public override string Allowed => string.Create(
        CultureInfo.InvariantCulture, $"{(PowerOfTwo ? "a power of two " : "")}between {Least} and {Most}");

    public override bool CanRead(string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _);

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not int number)
            return ValidationResult.Success;
        if (number >= Least && number <= Most && (!PowerOfTwo || BitOperations.IsPow2(number)))
            return ValidationResult.Success;
        return new ValidationResult(string.Create(
            CultureInfo.InvariantCulture, $"{validationContext.DisplayName} must be {Allowed}; it was {number}."));
    }
}
