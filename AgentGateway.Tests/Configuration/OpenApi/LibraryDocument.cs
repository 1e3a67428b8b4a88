namespace AgentGateway.Tests.Configuration.OpenApi;

/// <summary>An API of a lending library: most forms of parameters, bodies and references in one document.</summary>
internal static class LibraryDocument
{
    public const string Yaml = """
        openapi: 3.0.4
        info: {title: Lending library, version: 2.1.0, description: Books and readers.}
        servers:
        - url: https://library.test/{edition}/v2/
          variables: {edition: {default: city}}
        paths:
          /books:
            get:
              operationId: listBooks
              summary: A list of books whose summary is so long that nobody would read it to its very end
              parameters:
              - {name: genre, in: query, required: true, schema: {type: array, items: {type: string, enum: [novel, poem]}}}
              - {name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}
              - {name: filter, in: query, style: deepObject, schema: {type: object, properties: {year: {type: integer}}}}
              - {name: tags, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}
              - {name: page, in: query, schema: {type: object, properties: {size: {type: integer}}}}
              - {name: flat, in: query, description: A switch., schema: {$ref: '#/components/schemas/Switch'}}
            post:
              operationId: addBook
              description: Adds a book.
              requestBody: {$ref: '#/components/requestBodies/Book'}
          /books/{isbn}:
            parameters:
            - {$ref: '#/components/parameters/Isbn'}
            - {name: X-Branch, in: header, schema: {type: string}}
            - {name: session, in: cookie, schema: {type: string}}
            get: {operationId: getBook, parameters: [{name: x-branch, in: header, required: true, description: Where., schema: {type: string}}]}
            delete: {operationId: removeBook}
          /books/{isbn}/pages/{from}-{to}/scan:
            put:
              operationId: putScan
              parameters:
              - {$ref: '#/components/parameters/Isbn'}
              - {name: from, in: path, required: true, schema: {type: integer}}
              - {name: to, in: path, required: true, schema: {type: integer}}
              requestBody: {required: true, content: {application/octet-stream: {schema: {type: string, format: binary}}}}
          /readers:
            post:
              operationId: addReader
              requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object}}}}
          /readers/{id}:
            patch:
              operationId: changeReader
              parameters:
              - {name: id, in: path, required: true, schema: {type: integer, format: int64}}
              - {name: Content-Type, in: header, schema: {type: string}}
              requestBody: {content: {'application/json; charset=utf-8': {schema: {$ref: '#/components/schemas/Reader'}}}}
        components:
          parameters:
            Isbn: {name: isbn, in: path, required: true, description: Number of the book., schema: {type: string}}
          requestBodies:
            Book: {required: true, content: {application/xml: {}, application/json: {schema: {$ref: '#/components/schemas/Book'}}}}
          schemas:
            Switch: {type: boolean, description: Of the schema.}
            Book:
              type: object
              required: [title]
              properties:
                title: {type: string, nullable: true}
                price: {type: number, minimum: 0, exclusiveMinimum: true, example: 12.50}
                author: {$ref: '#/components/schemas/Person', description: Who wrote it.}
                $ref: {type: string, enum: [a], nullable: true}
            Person:
              type: object
              properties:
                name: {type: string}
                mentor: {$ref: '#/components/schemas/Person'}
            Reader: {allOf: [{$ref: '#/components/schemas/Person'}, {type: object, additionalProperties: {$ref: '#/components/schemas/Switch'}}]}
        """;
}
