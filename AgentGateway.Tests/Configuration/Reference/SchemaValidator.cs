using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentGateway.Tests.Configuration.Reference;

/// <summary>Validates JSON by the part of JSON schema, draft 7, that our schema uses; an unknown keyword is an error.</summary>
internal sealed class SchemaValidator(JsonElement schema)
{
    private static readonly string[] Annotations = ["$schema", "title", "description", "default", "examples", "definitions"];

    /// <summary>Paths of values that the schema refuses; empty when it accepts the document.</summary>
    public IReadOnlyList<string> Validate(JsonElement document)
    {
        var errors = new List<string>();
        Check(schema, document, "$", errors);
        return errors;
    }

    private void Check(JsonElement rule, JsonElement value, string path, List<string> errors)
    {
        foreach (var keyword in rule.EnumerateObject())
        {
            if (!Annotations.Contains(keyword.Name) && Problem(rule, keyword, value, path, errors) is { } problem)
            {
                errors.Add($"{path}: {problem}");
            }
        }
    }

    private string? Problem(JsonElement rule, JsonProperty keyword, JsonElement value, string path, List<string> errors)
    {
        var setting = keyword.Value;
        switch (keyword.Name)
        {
            case "$ref":
                Check(schema.GetProperty("definitions").GetProperty(setting.GetString()!["#/definitions/".Length..]), value, path, errors);
                return null;
            case "type":
                return (setting.ValueKind == JsonValueKind.Array ? setting.EnumerateArray().Any(t => Is(value, t.GetString()!)) : Is(value, setting.GetString()!)) ? null : $"is no {setting}";
            case "enum":
                return setting.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value)) ? null : $"is none of {setting}";
            case "pattern":
                return value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, setting.GetString()!) ? null : $"does not match {setting}";
            case "minLength":
                return value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= setting.GetInt32() ? null : "is too short";
            case "minimum":
                return value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= setting.GetDecimal() ? null : $"is less than {setting}";
            case "maximum":
                return value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= setting.GetDecimal() ? null : $"is more than {setting}";
            case "minItems":
                return value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= setting.GetInt32() ? null : "has too few items";
            case "maxItems":
                return value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= setting.GetInt32() ? null : "has too many items";
            case "required":
                return value.ValueKind != JsonValueKind.Object || setting.EnumerateArray().All(key => value.TryGetProperty(key.GetString()!, out _)) ? null : $"needs {setting}";
            case "items":
                for (var i = 0; value.ValueKind == JsonValueKind.Array && i < value.GetArrayLength(); i++)
                {
                    Check(setting, value[i], $"{path}[{i}]", errors);
                }

                return null;
            case "properties":
                Each(value, (name, inner) =>
                {
                    if (setting.TryGetProperty(name, out var known))
                    {
                        Check(known, inner, $"{path}.{name}", errors);
                    }
                });
                return null;
            case "additionalProperties":
                Each(value, (name, inner) =>
                {
                    if (rule.TryGetProperty("properties", out var known) && known.TryGetProperty(name, out _))
                    {
                        return;
                    }

                    if (setting.ValueKind == JsonValueKind.False)
                    {
                        errors.Add($"{path}.{name}: unknown key");
                    }
                    else
                    {
                        Check(setting, inner, $"{path}.{name}", errors);
                    }
                });
                return null;
            case "allOf":
                foreach (var part in setting.EnumerateArray())
                {
                    Check(part, value, path, errors);
                }

                return null;
            case "anyOf":
                return Matching(setting, value) > 0 ? null : Deepest(setting, value, path, errors);
            case "oneOf":
                return Matching(setting, value) == 1 ? null : $"matches {Matching(setting, value)} of {setting.GetArrayLength()} forms";
            case "not":
                return Accepts(setting, value) ? "must not be so" : null;
            default:
                return $"unknown keyword {keyword.Name}";
        }
    }

    private int Matching(JsonElement forms, JsonElement value) => forms.EnumerateArray().Count(form => Accepts(form, value));

    // The form that gets furthest says best what is wrong.
    private string? Deepest(JsonElement forms, JsonElement value, string path, List<string> errors)
    {
        var best = forms.EnumerateArray().Select(form =>
        {
            var found = new List<string>();
            Check(form, value, path, found);
            return found;
        }).MaxBy(static found => found[0].IndexOf(':', StringComparison.Ordinal))!;
        errors.AddRange(best);
        return null;
    }

    private static void Each(JsonElement value, Action<string, JsonElement> action)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                action(property.Name, property.Value);
            }
        }
    }

    private static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && decimal.TryParse(value.GetRawText(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) && decimal.Truncate(number) == number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no type of JSON schema"),
    };

    private bool Accepts(JsonElement rule, JsonElement value)
    {
        var errors = new List<string>();
        Check(rule, value, "$", errors);
        return errors.Count == 0;
    }
}
